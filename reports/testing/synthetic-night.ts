/**
 * Made-up histories of a crowd, drawn from a seed: rows as a real run writes them, and beside them what became of
 * everybody, kept in books of their own. Not a simulation of a server: only shapes that measures and charts must bear.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Scenario } from '../../scenarios/schema.ts';
import { nightTimes } from '../../scenarios/schema.ts';
import type { HandPerson, HandRow } from './hand-log.ts';

export type Manner = {
  /** Of those in, how many a second lose their seat while the surge and the tail last. */
  readonly ejectedPerSecond: number;
  /** Chance that a try gets a seat. */
  readonly seatShare: number;
  readonly queue: boolean;
  readonly overflowShare: number;
  readonly answerMsMean: number;
};

export const COLLAPSING: Manner = {
  ejectedPerSecond: 0.06,
  seatShare: 0.35,
  queue: false,
  overflowShare: 0,
  answerMsMean: 2_500,
};
export const HOLDING: Manner = {
  ejectedPerSecond: 0,
  seatShare: 1,
  queue: true,
  overflowShare: 0.4,
  answerMsMean: 40,
};

/** What became of the crowd by the generator's own count. */
type Books = {
  arrived: number;
  joined: number;
  gaveUp: number;
  refused: number;
  waitingAtEnd: number;
  lost: number;
  ejections: number;
  stranded: number;
};

export type SyntheticNight = {
  readonly people: readonly HandPerson[];
  readonly rows: readonly HandRow[];
  readonly books: Books;
};

const TRIES_MAX = 6;

export function syntheticNight(scenario: Scenario, seed: number, manner: Manner): SyntheticNight {
  const generator = xoroshiro128plus(seed);
  const draw = () => (generator.next() >>> 0) / 0x1_0000_0000;
  const exponential = (mean: number) => -mean * Math.log(1 - draw());
  const times = nightTimes(scenario);
  const people: HandPerson[] = [];
  const rows: HandRow[] = [];
  const books: Books = {
    arrived: 0,
    joined: 0,
    gaveUp: 0,
    refused: 0,
    waitingAtEnd: 0,
    lost: 0,
    ejections: 0,
    stranded: 0,
  };
  for (let nth = 0; nth < scenario.incumbents.count; nth++) {
    people.push({
      intendedMs: draw() * scenario.phases.rampMs,
      cohort: 'incumbent',
      body: nth % 3 === 0 ? 'webrtc' : 'signal',
    });
  }
  for (const wave of scenario.waves) {
    const moment = scenario.moments.find(({ id }) => id === wave.moment)!;
    for (let nth = 0; nth < wave.count; nth++) {
      people.push({
        intendedMs: times.surgeStartMs + moment.afterSurgeStartMs + wave.overMs * draw() ** 2.2,
        cohort: wave.id,
        body: nth % 12 === 0 ? 'webrtc' : 'signal',
      });
    }
  }
  people.forEach((person, personId) => {
    live(person, personId);
  });
  return { people, rows, books };

  /** One person's night, from setting out to the end. */
  function live(person: HandPerson, personId: number): void {
    const calm = person.cohort === 'incumbent';
    books.arrived++;
    let ms = person.intendedMs + draw() * 3;
    let attempt = 0;
    let tries = 0;
    let wasIn = false;
    let triedSinceLoss = false;
    let out = false;
    const row = (type: HandRow[2], more: HandRow[4] = {}) =>
      rows.push([ms, 'listener', type, personId, { attempt, ...more }]);
    const server = (type: HandRow[2], more: HandRow[4] = {}) =>
      rows.push([ms, 'server', type, personId, { attempt, ...more }]);
    row('arrive', { value: ms - person.intendedMs });
    for (;;) {
      attempt++;
      tries++;
      if (out) triedSinceLoss = true;
      row('dial', { room: 'main' });
      ms += 1 + exponential(calm ? 5 : manner.answerMsMean);
      if (ms >= times.tailEndMs) {
        ended('joining');
        return;
      }
      row('opened', { room: 'main' });
      row('asked', { room: 'main' });
      server('asked', { room: 'main' });
      if (!calm && manner.queue) {
        row('waiting', { room: 'main', value: 1 });
        server('waiting', { value: 1 });
        ms += exponential(4_000);
        if (ms >= times.tailEndMs) {
          ended('waiting');
          return;
        }
        if (draw() < 0.05) {
          row('gave-up', { cause: 'queue-patience' });
          stopped('gaveUp');
          return;
        }
      }
      const room = !calm && draw() < manner.overflowShare ? 'main-overflow-1' : 'main';
      if (calm || draw() < manner.seatShare) {
        const media = person.body === 'webrtc';
        server('seated', { room, value: personId + 1, cause: 'new' });
        server('took', { room, value: personId + 1 });
        row('seated', { room, value: personId + 1, cause: 'new' });
        if (media) {
          ms += 5 + exponential(10);
          row('ice', { room });
          ms += 5 + exponential(15);
          row('dtls', { room });
          ms += exponential(30);
          row('first-audio', { room });
        }
        row('in', { room });
        if (!wasIn) books.joined++;
        wasIn = true;
        out = false;
        const lossMs =
          Math.max(ms, times.surgeStartMs) + exponential(1000 / Math.max(1e-9, manner.ejectedPerSecond));
        const leaveMs = ms + exponential(600_000);
        const untilMs = Math.min(lossMs, leaveMs, times.tailEndMs + draw() * scenario.phases.leavingMs);
        if (media) listen(personId, ms, untilMs, room);
        ms = untilMs;
        // Whoever is thrown out when the talk is over is not counted: everybody is leaving.
        if (ms < lossMs || ms > times.tailEndMs) {
          row('left', { room, cause: draw() < 0.5 ? 'silent' : 'goodbye' });
          return;
        }
        const causes = ['pong-timeout', 'pong-timeout', 'heartbeat-missed', 'connection-lost'];
        row('ejected', { room, cause: causes[Math.floor(draw() * causes.length)]! });
        books.ejections++;
        out = true;
        triedSinceLoss = false;
        tries = 0;
      } else {
        const cause = draw() < 0.5 ? 'full' : 'join-timeout';
        row('failed', { room: 'main', cause });
        if (tries >= TRIES_MAX) {
          row('gave-up', { cause: cause === 'full' ? 'refused' : 'tries' });
          stopped(cause === 'full' ? 'refused' : 'gaveUp');
          return;
        }
      }
      ms += exponential(2_000);
      if (ms >= times.tailEndMs) {
        ended('pausing');
        return;
      }
    }

    function stopped(how: 'gaveUp' | 'refused'): void {
      if (!wasIn) books[how]++;
      if (out && triedSinceLoss) books.stranded++;
    }

    function ended(cause: string): void {
      ms = times.nightEndMs;
      if (draw() < 0.02) {
        // A row that was never written: somebody whom the log loses.
        if (!wasIn) books.lost++;
        if (out && triedSinceLoss) books.stranded++;
        return;
      }
      row('at-end', { cause });
      if (!wasIn) books.waitingAtEnd++;
      if (out) books.stranded++;
    }
  }

  function listen(personId: number, fromMs: number, toMs: number, room: string): void {
    const frames = 1000 / scenario.server.frameMs;
    for (let ms = Math.ceil(fromMs / 1000) * 1000; ms < toMs; ms += 1000) {
      const lost = draw() < 0.002 ? 1 : 0;
      // The packet after the longest gap is as late as that gap is too long.
      const lateMs = draw() * 40;
      // Drawn from nothing, so that what was drawn before there was jitter stays as it was.
      const jitterMs = 1 + ((ms / 1000 + 7 * personId) % 9) / 3;
      rows.push([
        ms,
        'listener',
        'media',
        personId,
        { room, value: frames - lost, lost, gapMs: 60 + lateMs, lateMs, jitterMs },
      ]);
    }
  }
}

/** The rows of server and watchers, once a second, that go with a made-up night. */
export function syntheticSeconds(scenario: Scenario, manner: Manner): HandRow[] {
  const times = nightTimes(scenario);
  const rows: HandRow[] = [
    [-100, 'server', 'room-opened', null, { room: 'main', value: scenario.rooms.main.seats }],
    [0, 'rehearsal', 'night-start', null],
    [times.nightEndMs, 'rehearsal', 'night-end', null],
  ];
  for (const { id, afterSurgeStartMs } of scenario.moments) {
    rows.push([times.surgeStartMs + afterSurgeStartMs, 'rehearsal', 'moment', null, { cause: id }]);
  }
  if (manner.overflowShare > 0) {
    rows.push([
      times.surgeStartMs + 2_000,
      'server',
      'room-opened',
      null,
      { room: 'main-overflow-1', value: scenario.rooms.overflow.seats },
    ]);
  }
  for (let ms = 1_000; ms <= times.nightEndMs; ms += 1_000) {
    const surging = ms > times.surgeStartMs && ms <= times.tailEndMs;
    const cpuMs = surging && manner.ejectedPerSecond > 0 ? 990 : surging ? 180 : 60;
    const filled = Math.min(1, Math.max(0.3, (ms - times.surgeStartMs) / scenario.phases.surgeMs));
    rows.push(
      [
        ms,
        'server',
        'seats-taken',
        null,
        { room: 'main', value: Math.round(scenario.rooms.main.seats * filled) },
      ],
      [ms, 'server', 'queue', null, { value: 0 }],
      [ms, 'server', 'deliveries', null, { value: cpuMs * 80 }],
      [ms, 'server', 'stall', null, { value: cpuMs * 9 }],
      [ms, 'rehearsal', 'cpu', null, { cause: 'server', value: cpuMs * 0.7 }],
      [ms, 'rehearsal', 'cpu', null, { cause: 'worker', value: cpuMs * 0.3 }],
      [ms, 'rehearsal', 'cpu', null, { cause: 'swarm-signal', value: cpuMs * 0.4 }],
      [ms, 'rehearsal', 'rss', null, { cause: 'server', value: 2e8 }],
      [ms, 'rehearsal', 'core-busy', null, { cause: 'core-0', value: 0.5 }],
      [ms, 'rehearsal', 'foreign-cpu', null, { cause: 'core-0', value: 0.01 }],
      [ms, 'rehearsal', 'foreign-cpu', null, { cause: 'core-1', value: 0.01 }],
    );
    if (manner.overflowShare > 0 && surging) {
      rows.push(
        [
          ms,
          'server',
          'seats-taken',
          null,
          { room: 'main-overflow-1', value: Math.round(scenario.rooms.overflow.seats * filled) },
        ],
        [ms, 'listener', 'relay-lag', 1, { room: 'main-overflow-1', value: 0.4 + (ms % 7_000) / 10_000 }],
      );
    }
  }
  return rows;
}
