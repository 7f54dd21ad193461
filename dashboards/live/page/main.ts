/** The live page, put together: frames change what is known, and once a second at most it is shown. */
import { announce, newsBetween } from './announce.ts';
import { textOnce } from './dom.ts';
import { listen } from './link.ts';
import { LINK_NAME, placeOf, titleOf } from './page-words.ts';
import { Parts } from './parts.ts';
import { type LiveEvent, type LiveView, NOTHING_YET, reduce } from './state.ts';

const SHOW_EVERY_MS = 1_000;

let view: LiveView = NOTHING_YET;
const parts = new Parts();
let shownAtMs = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | null = null;

function tell(event: LiveEvent): void {
  const before = view;
  view = reduce(view, event);
  announce(document.getElementById('news')!, newsBetween(before, view));
  // Several frames, one drawing; what is more than another second of the night is not made to wait.
  if (timer !== null && event.type === 'second') return;
  if (timer !== null) clearTimeout(timer);
  const waitMs = event.type === 'second' ? shownAtMs + SHOW_EVERY_MS - performance.now() : 0;
  timer = setTimeout(show, Math.max(0, waitMs));
}

function show(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  // What nobody looks at is not drawn; it is when they come back.
  if (document.visibilityState === 'hidden') return;
  shownAtMs = performance.now();
  const first = view.nights[0]?.plan;
  document.title = titleOf(view);
  textOnce(document.getElementById('title')!, first?.title ?? 'A night in an audio room');
  textOnce(document.getElementById('plan')!, placeOf(view));
  const link = document.getElementById('link')!;
  textOnce(link, LINK_NAME[view.link]);
  link.dataset['link'] = view.link;
  document.getElementById('report')!.hidden = view.end?.hasReport !== true;
  parts.show(view);
  document.documentElement.dataset['shownMs'] = String(view.nights.at(-1)?.seconds.at(-1)?.nightMs ?? '');
}

document.addEventListener('visibilitychange', show);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  parts.reset();
  show();
});
show();
listen('/events', tell);
