/**
 * A night played by k6, with the very listener that every other body has: `roomrush run <night> --driver k6`, or by
 * hand against a server that is already there:
 *
 *   roomrush serve                      # writes runs/k6-night.jsonl and prints the command
 *   k6 run scenarios/k6/surge.ts        # -e NIGHT=file for another night, -e USERS=n for more virtual users
 *
 * One virtual user carries any number of people on its event loop, and is the default (docs/guides/k6.md says why).
 */
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import type { Options } from 'k6/options';
import { closingText } from './surge/closing-text.ts';
import { head, shareOf } from './surge/night.ts';
import { Share } from './surge/share.ts';

const USERS_MAX = 64;
/** Between the setup and the night's zero when nobody else sets it. */
const LEAD_MS = 1_000;
/** After the night's end sockets are closed; a server that does not answer is not waited for any longer. */
const CLOSING_MS = 5_000;

const users = usersFrom(__ENV['USERS'] ?? '1');
/** Where the process that started this k6 listens; by hand there is none. */
const control = __ENV['CONTROL'] ?? null;

/** Virtual users that played to the end; fewer than there are means an exception, which k6 takes for a success. */
const usersDone = new Counter('users_done');

export const options: Options = {
  scenarios: {
    night: {
      executor: 'per-vu-iterations',
      vus: users,
      iterations: 1,
      maxDuration: `${Math.ceil(head.nightEndMs + LEAD_MS + CLOSING_MS)}ms`,
      gracefulStop: '1s',
    },
  },
  thresholds: {
    ...Object.fromEntries(Object.entries(head.thresholds).map(([name, all]) => [name, [...all]])),
    users_done: [`count>=${users}`],
  },
  // The night begins when the one who started this k6 says so.
  setupTimeout: '1h',
  // Tags of connections are of no use here, and each sample would carry them.
  systemTags: [],
  summaryTrendStats: ['p(50)', 'p(90)', 'p(99)', 'max'],
};

type Start = { readonly zeroMs: number };

/** Everything is read and compiled: from here on the zero of the night is waited for. */
export function setup(): Start {
  if (control === null) return { zeroMs: Date.now() + LEAD_MS };
  const answer = http.get(`${control}/start`, { timeout: '1h' });
  const start = answer.status === 200 ? (answer.json() as { zeroMs?: unknown }) : {};
  if (typeof start.zeroMs !== 'number')
    exec.test.abort(`expected the night's zero from ${control}, got ${answer.status}`);
  return start as Start;
}

export default function night({ zeroMs }: Start): void {
  const nth = exec.vu.idInTest - 1;
  new Share(shareOf(nth, users), head, zeroMs, control, () => usersDone.add(1)).play();
}

/** Prints, and writes nothing: what the night was is in the log. */
export function handleSummary(data: { metrics: Record<string, { values: Record<string, number> }> }): {
  stdout: string;
} {
  return { stdout: closingText(data.metrics, head, users) };
}

function usersFrom(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= USERS_MAX) return value;
  throw new Error(`expected USERS to be a whole number from 1 to ${USERS_MAX}, got '${text}'`);
}
