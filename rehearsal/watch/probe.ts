/**
 * A ping from outside, a few times a second: how long until the server answers a plain request? A stalled event
 * loop cannot measure its own stall; a probe that waits for it can.
 */
import { get } from 'node:http';

export type Probe = { readonly stop: () => void };

/**
 * Asks `url` for its health every `everyMs`; one request at a time, so that a stalled server meets one waiting
 * probe and not a crowd of them.
 *
 * @param onAnswer ms until the answer, or null when there was none within `timeoutMs` or at all.
 */
export function startProbe(
  url: string,
  everyMs: number,
  timeoutMs: number,
  onAnswer: (ms: number | null) => void,
): Probe {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const ask = () => {
    const startedNs = process.hrtime.bigint();
    let answered = false;
    const answer = (ms: number | null) => {
      if (answered || stopped) return;
      answered = true;
      onAnswer(ms);
      timer = setTimeout(ask, everyMs);
    };
    const request = get(url, { timeout: timeoutMs, agent: false }, (response) => {
      response.resume();
      response.once('end', () => answer(Number(process.hrtime.bigint() - startedNs) / 1e6));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => answer(null));
    request.once('close', () => answer(null));
  };
  ask();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
