/**
 * What the live page costs the rehearsal, which shares the crowd's core: a night of 5,000 people is told once a second, as the
 * rehearsal does it, to so many pages. Those who read are in a process of their own, as browsers are.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NightStory, type ObservedSecond } from '../dashboards/live/night-story.ts';
import { type LiveStream, openLiveStream } from '../dashboards/live/stream.ts';
import { RoomrushError } from '../errors.ts';
import type { Scenario } from '../scenarios/schema.ts';
import { LIVE_STATES, PHASES } from '../simulator/listener/tally.ts';
import { type BenchContext, type BenchRow, figure } from './bench-row.ts';
import { interruption } from './processes.ts';

const PAGES = [0, 1, 50] as const;
const PEOPLE = 5_000;
const SECONDS = 10;
const CORE_PERCENT_MAX = 2;
const READER = fileURLToPath(new URL('bench-live.child.ts', import.meta.url));

/** Percent of a core, with nobody who looks, with one, and with fifty. */
export async function benchLive({ night, stop, say }: BenchContext): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const pages of PAGES) {
    say(`telling ${pages} live pages for ${SECONDS} s`);
    const percent = await percentOfCore(night, pages, stop);
    rows.push(
      figure(`live: ${pages} pages at ${PEOPLE} people, % of a core`, percent, 2, {
        op: '<=',
        limit: CORE_PERCENT_MAX,
      }),
    );
  }
  return rows;
}

async function percentOfCore(night: Scenario, pages: number, stop: AbortSignal): Promise<number> {
  const stream = await openLiveStream({ files: [], port: 0 });
  const reader = fork(READER, [`${stream.url}events`, String(pages)]);
  const read = once(reader, 'exit');
  try {
    await Promise.race([once(reader, 'message'), read]);
    if (stream.pages !== pages) {
      throw new RoomrushError(
        'no-readers',
        `expected ${pages} pages, got ${stream.pages}`,
        'what the reader printed stands above; try again',
      );
    }
    const before = process.cpuUsage();
    const beganMs = performance.now();
    await tellNight(night, stream, stop);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 10 / (performance.now() - beganMs);
  } finally {
    await stream.close();
    reader.kill();
    await read;
  }
}

async function tellNight(night: Scenario, stream: LiveStream, stop: AbortSignal): Promise<void> {
  const rooms = { mainSeats: night.rooms.main.seats, overflowSeats: night.rooms.overflow.seats };
  const size = { people: PEOPLE, seed: 1, scale: 1, timeScale: 1, ...rooms };
  const story = new NightStory({ nth: 0, name: 'guarded', scenario: night, ...size });
  stream.tell(story.begins());
  for (let second = 1; second <= SECONDS; second++) {
    await delay(1000, undefined, { signal: stop }).catch(() => {
      throw interruption();
    });
    stream.tell(story.second(busySecond(second)));
  }
}

/** As large as a second gets: everything happens, and every figure has many digits. */
function busySecond(second: number): ObservedSecond {
  const counters: Record<string, number> = { arrived: PEOPLE, late: 3, ejected: 40 * second };
  for (const name of ['firstIns', 'ejectedPeople', 'answeredWithin2s', 'answerOverdue'])
    counters[name] = 97 * second;
  for (const [nth, state] of LIVE_STATES.entries()) counters[`crowd.${state}`] = 500 + nth;
  for (const phase of PHASES) counters[`phaseMs.${phase}`] = 7_654.321 * second;
  for (const cause of ['pong-timeout', 'heartbeat-missed', 'connection-lost', 'media-lost'])
    counters[`ejected.${cause}`] = 10 * second;
  const parallel = Array.from({ length: 20 }, (_, nth) => {
    return { id: `parallel-${nth + 1}`, kind: 'parallel' as const, taken: 40 + nth, seats: 500 };
  });
  return {
    nightMs: 1000 * second + 0.123,
    counters,
    sample: {
      elapsedMs: 1000.4,
      cpuMs: new Map([
        ['server', 812.345],
        ['worker', 312.345],
        ['swarm-signal', 412.345],
        ['swarm-webrtc', 212.345],
      ]),
      coreBusyShare: [0.654, 0.987],
      foreignCpuShare: [0.012, 0.034],
    },
    probeMs: 12.345,
    rooms: {
      rooms: [
        { id: 'main', kind: 'main', taken: 1_990, seats: 2_000 },
        { id: 'main-overflow-1', kind: 'overflow', taken: 1_234, seats: 2_000 },
        ...parallel,
      ],
    },
  };
}
