/**
 * The hallway alone: asks for the list of rooms over HTTP at a constant rate, whatever the server answers, for a
 * bounded time. Against `roomrush serve`:
 *
 *   k6 run scenarios/k6/hallway.ts     # -e RATE=200 -e SECONDS=20 -e SERVER=http://127.0.0.1:7600 are the defaults
 */
import { check } from 'k6';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { onlyLoopback } from './loopback.ts';

const server = onlyLoopback(__ENV['SERVER'] ?? 'http://127.0.0.1:7600').replace(/\/$/, '');
const ratePerSecond = bounded('RATE', 200, 2_000);
const seconds = bounded('SECONDS', 20, 300);

export const options: Options = {
  scenarios: {
    hallway: {
      executor: 'constant-arrival-rate',
      rate: ratePerSecond,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: Math.min(50, ratePerSecond),
      maxVUs: 200,
    },
  },
  // What could not be sent in time would make the server look better than it is.
  thresholds: { checks: ['rate==1'], dropped_iterations: ['count==0'], http_req_duration: ['p(99)<500'] },
};

export default function hallway(): void {
  const answer = http.get(`${server}/hallway`);
  check(answer, {
    'the list comes': ({ status }) => status === 200,
    'its rooms are rooms': (one) => one.status === 200 && isList(one.json()),
  });
}

function isList(value: unknown): boolean {
  const { rooms } = value as { rooms?: unknown };
  return Array.isArray(rooms) && rooms.length > 0 && rooms.every(isRoom);
}

function isRoom(value: unknown): boolean {
  const { room, title, kind, listeners, seats } = value as Record<string, unknown>;
  return (
    typeof room === 'string' &&
    typeof title === 'string' &&
    ['main', 'overflow', 'parallel'].includes(String(kind)) &&
    typeof listeners === 'number' &&
    (seats === null || typeof seats === 'number')
  );
}

function bounded(name: string, usual: number, most: number): number {
  const text = __ENV[name];
  const value = Number(text ?? usual);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`expected ${name} to be a whole number from 1 to ${most}, got '${text}'`);
}
