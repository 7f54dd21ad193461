import { stderr } from 'node:process';

/**
 * What setup says while it works. Everything goes to stderr, because `roomrush --json` owns stdout. On a
 * terminal one line is redrawn every second; elsewhere a plain line comes every ten seconds at most, so
 * that a log stays readable and still shows life.
 */

const PLAIN_LINE_EVERY_MS = 10_000;
const REDRAW_EVERY_MS = 1_000;
const ERASE_LINE = stderr.isTTY ? '\r\u001b[2K' : '';

/** @param {string} text one line or several */
export function say(text) {
  stderr.write(`${ERASE_LINE}setup: ${text}\n`);
}

/** @param {number} sinceMs a `Date.now()` */
function elapsed(sinceMs) {
  const seconds = Math.floor((Date.now() - sinceMs) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * @template T
 * @param {string} title what is being done, e.g. `building the media worker`
 * @param {(report: (detail: string) => void) => Promise<T>} work calls `report` with e.g. `12 of 214`
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const startedMs = Date.now();
  let detail = '';
  let lastPlainMs = startedMs;
  const draw = () => {
    const line = `setup: ${title} [${elapsed(startedMs)}]${detail && ` ${detail}`}`;
    if (stderr.isTTY) {
      // A line that wraps could not be erased again.
      stderr.write(`${ERASE_LINE}${line.slice(0, Math.max(20, stderr.columns - 1))}`);
    } else if (Date.now() - lastPlainMs >= PLAIN_LINE_EVERY_MS) {
      lastPlainMs = Date.now();
      stderr.write(`${line}\n`);
    }
  };
  if (stderr.isTTY) draw();
  else say(title);
  const timer = setInterval(draw, REDRAW_EVERY_MS);
  try {
    const result = await work((text) => {
      detail = text;
    });
    say(`${title}: took ${elapsed(startedMs)}`);
    return result;
  } finally {
    clearInterval(timer);
    stderr.write(ERASE_LINE);
  }
}
