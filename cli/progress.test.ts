/** Progress on a terminal and elsewhere, as whoever sits before it sees it. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Place } from '../reports/comparison/from-runs.ts';
import { FakeScreen } from '../reports/testing/fake-screen.ts';
import { compareProgress } from './compare-progress.ts';
import { printProgress, statusOnly } from './progress.ts';
import { leaveStatusLines, StatusLines } from './status-lines.ts';
import { nightSecond } from './testing/night-second.ts';

beforeEach(() => {
  vi.unstubAllEnvs();
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS']) vi.stubEnv(name, undefined);
  vi.stubEnv('LC_ALL', 'C.UTF-8');
  vi.stubEnv('TERM', 'xterm-256color');
});

const second = (nightMs: number, joined = 0, ejected = 0) =>
  nightSecond(nightMs, { arrived: joined, in: joined, joined, ejected }, { nightEndMs: 30_000 });
const MOMENT = { type: 'moment', title: 'Doors', nightMs: 15_000 } as const;

test('on a terminal two lines are rewritten; what happens stands above them and stays', () => {
  const screen = new FakeScreen();
  const observe = printProgress(screen, 'guarded');
  observe({ type: 'step', text: 'starting the server' });
  observe(second(14_500, 20));
  observe(MOMENT);
  observe({ type: 'fault', text: 'kill-worker', nightMs: 15_200 });
  expect(screen.rows()).toEqual([
    'guarded: starting the server',
    'guarded 0:15  * Doors',
    'guarded 0:15  ! fault: kill-worker',
    `guarded  0:14/0:30  0:16 left  door ${' '.repeat(29)}█ 20/s`,
    'arrived 20  in 20  waiting 0  joining 0  ejected 0  gave up 0  ping 12 ms',
  ]);
  observe(second(15_500, 60, 2));
  expect(screen.rows().slice(2)).toEqual([
    'guarded 0:15  ! fault: kill-worker',
    `guarded  0:15/0:30  0:15 left  door ${' '.repeat(28)}▄█ 40/s`,
    'arrived 60  in 60  waiting 0  joining 0  ejected 2  gave up 0  ping 12 ms',
  ]);
  observe({ type: 'step', text: 'measuring' });
  expect(screen.rows().slice(3)).toEqual([
    ...wrappedAt80(
      'guarded 0:15/0:30 0:15 left | arrived 60 in 60 waiting 0 joining 0 ejected 2 gave up 0 | ' +
        'door 40/s, most 40/s | ping 12 ms',
    ),
    'guarded: measuring',
    '',
  ]);
});

/** Lines that stay are as long as they are: the terminal breaks them. */
function wrappedAt80(line: string): string[] {
  return [line.slice(0, 80).trimEnd(), line.slice(80)];
}

test('elsewhere: each fifth second a line, moments when they are, the last second too, and no escape code', () => {
  const screen = new FakeScreen(80, false);
  const observe = printProgress(screen, 'guarded');
  for (let nth = 1; nth <= 7; nth++) observe(second(nth * 1_000, nth * 10));
  observe(MOMENT);
  observe({ type: 'step', text: 'measuring' });
  observe({ type: 'step', text: 'and more' });
  const line = (nth: number) =>
    `guarded 0:0${nth}/0:30 0:${30 - nth} left | arrived ${nth}0 in ${nth}0 waiting 0 joining 0 ejected 0 gave up 0 | ` +
    'door 10/s, most 10/s | ping 12 ms';
  expect(screen.text.split('\n')).toEqual([
    ...[line(1), line(6), 'guarded 0:15  * Doors', line(7), 'guarded: measuring', 'guarded: and more', ''],
  ]);
});

test('a terminal that can do nothing gets plain lines', () => {
  vi.stubEnv('TERM', 'dumb');
  const screen = new FakeScreen();
  printProgress(screen, 'guarded')(second(1_000, 1));
  expect(screen.text).toMatch(/^guarded 0:01\/0:30 .*\n$/);
});

test('NO_COLOR leaves the words, FORCE_COLOR brings the colours', () => {
  const watched = () => {
    const screen = new FakeScreen();
    const observe = printProgress(screen, 'guarded');
    observe(MOMENT);
    observe(second(15_500, 9, 4));
    return screen;
  };
  vi.stubEnv('NO_COLOR', '1');
  const bare = watched();
  expect(bare.text).not.toMatch(/\[\d+m/);
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv('FORCE_COLOR', '1');
  const coloured = watched();
  expect(coloured.text).toContain('\x1b[31mejected 4\x1b[39m');
  expect(coloured.rows()).toEqual(bare.rows());
});

test('names from outside can move no cursor', () => {
  const screen = new FakeScreen(80, false);
  const observe = printProgress(screen, 'a\x1b[2Jb');
  observe({ ...MOMENT, title: '\x1b]0;x\x07Do\ror\ns' });
  observe({ type: 'step', text: 'in \x1b[31m/tmp' });
  expect(screen.text).toBe('ab 0:15  * Do or s\nab: in /tmp\n');
});

test('a terminal of another width: the next status fits it, and what stays is not written over', () => {
  const screen = new FakeScreen();
  const observe = printProgress(screen, 'guarded');
  observe(MOMENT);
  observe(second(14_500, 20));
  screen.columns = 40;
  const before = screen.text.length;
  observe(second(15_500, 60));
  const written = screen.text.slice(before);
  expect(written).not.toContain('\x1b[1A');
  expect(written.startsWith('\r')).toBe(true);
  const fresh = new FakeScreen(40);
  fresh.write(written);
  expect(fresh.rows()).toEqual(['guarded  0:15/0:30  0:15 left', 'in 60  waiting 0  joining 0  ejected 0']);
});

test('whoever else writes to the terminal has a line of their own, and the status stays readable', () => {
  const screen = new FakeScreen();
  const observe = printProgress(screen, 'guarded');
  observe(second(14_500, 20));
  const status = screen.rows();
  leaveStatusLines();
  leaveStatusLines();
  screen.write('stopping\n');
  expect(screen.rows()).toEqual([...status, 'stopping', '']);
  observe(second(15_500, 20));
  expect(screen.rows().slice(0, 3)).toEqual([...status, 'stopping']);
  expect(screen.rows()).toHaveLength(5);
});

test('a probe has its status on a terminal only, and no line of it stays', () => {
  const [terminal, pipe] = [new FakeScreen(), new FakeScreen(80, false)];
  for (const screen of [terminal, pipe]) {
    const status = new StatusLines(screen);
    const observe = statusOnly(status, 'guarded ×2');
    observe({ type: 'step', text: 'starting the server' });
    observe(second(1_000, 5));
    if (screen === terminal) expect(screen.rows()[0]).toContain('guarded ×2  0:01/0:30');
    status.clear();
    status.say('guarded held');
  }
  expect(terminal.rows()).toEqual(['guarded held', '']);
  expect(pipe.text).toBe('guarded held\n');
});

test('a comparison: which run of how many, and when all of them are over', () => {
  let nowMs = 1_000;
  const screen = new FakeScreen();
  const progress = compareProgress(screen, () => nowMs);
  const place: Place = { policy: 'cap', seed: 7, role: 'compared', again: false };
  progress.kept({ ...place, policy: 'open' }, 1, 3);
  const observe = progress.begins(place, 2, 3, 100_000);
  nowMs += 20_000;
  observe(second(10_000, 5));
  expect(screen.rows().slice(0, 3)).toEqual([
    'run 1 of 3: open, seed 7 was measured before',
    'run 2 of 3: cap, seed 7 (about 2 min left)',
    `cap  0:10/0:30  0:20 left  all 1:20  door ${' '.repeat(29)}█ 5/s`,
  ]);
});
