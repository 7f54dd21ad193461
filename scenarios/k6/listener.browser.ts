/**
 * One listener in a real browser: opens the room page, gives a name, joins, and is there when the host can be heard.
 * Against a server with media (`roomrush serve`):
 *
 *   K6_BROWSER_ARGS=no-sandbox,autoplay-policy=no-user-gesture-required \
 *     k6 run scenarios/k6/listener.browser.ts     # -e PAGE=http://127.0.0.1:7600/ is the default
 */
import { check } from 'k6';
import { browser } from 'k6/browser';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { onlyLoopback } from './loopback.ts';

const page = onlyLoopback(__ENV['PAGE'] ?? 'http://127.0.0.1:7600/');
/** A queue may come first, and the first sound waits for ICE and DTLS. */
const AUDIBLE_WITHIN_MS = 30_000;

/** From the click to sound in the loudspeaker. */
const joinLatencyMs = new Trend('joinLatencyMs_browser', true);

export const options: Options = {
  scenarios: {
    listener: {
      executor: 'per-vu-iterations',
      vus: 1,
      iterations: 1,
      maxDuration: '90s',
      options: { browser: { type: 'chromium' } },
    },
  },
  // A check that never came about counts too: a threshold without a sample would pass.
  thresholds: { checks: ['rate==1'], joinLatencyMs_browser: [`max<${AUDIBLE_WITHIN_MS}`] },
};

export default async function listener(): Promise<void> {
  const tab = await browser.newPage();
  try {
    const answer = await tab.goto(page);
    check(answer, { 'the page is there': (one) => one?.status() === 200 });
    await tab.locator('#name').fill('A listener of k6');
    const clickedMs = Date.now();
    await tab.locator('#join button').click();
    const heard = await tab
      .waitForSelector('#sound[data-sound=audible]', { timeout: AUDIBLE_WITHIN_MS })
      .then(() => true)
      .catch((error: unknown) => {
        console.error(`the host was not heard: ${error}`);
        return false;
      });
    if (heard) joinLatencyMs.add(Date.now() - clickedMs);
    check(await tab.locator('#main').getAttribute('data-scene'), {
      'the page is in the room': (scene) => scene === 'room',
    });
    check(heard, { 'the host is heard': (is) => is });
  } finally {
    await tab.close();
  }
}
