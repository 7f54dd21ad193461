/** How a second of a night is laid out for terminals of any width. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widthOf } from '../reports/render/columns.ts';
import { Door } from './door.ts';
import { plainLine, type Surroundings, statusLines } from './night-second.ts';
import { nightSecond } from './testing/night-second.ts';

const COUNTERS = {
  ...{ arrived: 2_310, late: 3, dialing: 20, waiting: 310, pausing: 5, in: 1_204 },
  ...{ joined: 1_210, attempts: 1_300, ejected: 3, gaveUp: 12, left: 4 },
};
const SAMPLE = {
  // A busy machine: twice as long as a second, and twice as much CPU.
  elapsedMs: 2_000,
  cpuMs: new Map([
    ['server', 1_684],
    ['worker', 602],
    ['swarm-signal', 808],
    ['swarm-webrtc', 236],
    ['rehearsal', 20],
  ]),
  coreBusyShare: [0.5, 0.9],
  foreignCpuShare: [0, 0],
};
const SECOND = nightSecond(42_300, COUNTERS, { sample: SAMPLE });
const BLOCKS = '▁▂▃▄▅▆▇█';

function around(changes: Partial<Surroundings> = {}): Surroundings {
  const door = new Door();
  for (const [nth, joined] of [0, 0, 10, 60, 160, 370, 502].entries()) door.look(1_000 * (nth + 1), joined);
  return {
    label: 'guarded-waiting-room',
    ...{ door, allLeftMs: null, barSigns: BLOCKS, paint: (_style, text) => text },
    ...changes,
  };
}

const BARS = '▁▁▂▂▄█▅';

test('80 columns: times, the door with as many bars as fit, people, and the busiest processes', () => {
  expect(statusLines(SECOND, around(), 79)).toEqual([
    `guarded-waiting-room  0:42/2:05  1:23 left  door ${' '.repeat(17)}${BARS} 132/s`,
    'in 1,204  waiting 310  joining 25  ejected 3  gave up 12  server 84%  swarm 52%',
  ]);
});

test('40 columns: what a night is watched for', () => {
  expect(statusLines(SECOND, around(), 39)).toEqual([
    '0:42/2:05  1:23 left  door 132/s',
    'in 1,204  waiting 310  ejected 3',
  ]);
});

test('200 columns: everything', () => {
  expect(statusLines(SECOND, around(), 199)).toEqual([
    `guarded-waiting-room  0:42/2:05  1:23 left  door ${' '.repeat(23)}${BARS} 132/s, most 210/s`,
    'arrived 2,310  in 1,204  waiting 310  joining 25  ejected 3  gave up 12  server 84%  worker 30%  swarm 52%  ping 12 ms',
  ]);
});

test('a comparison also tells when its last night is over; never sooner than this one', () => {
  const label = 'clubhouse-2021';
  expect(statusLines(SECOND, around({ label, allLeftMs: 309_001 }), 79)[0]).toBe(
    `${label}  0:42/2:05  1:23 left  all 5:10  door ${' '.repeat(13)}${BARS} 132/s`,
  );
  expect(statusLines(SECOND, around({ label, allLeftMs: -5_000 }), 79)[0]).toContain('  all 1:23  ');
});

test('where there are no blocks, bars of ASCII with their edges', () => {
  expect(statusLines(SECOND, around({ barSigns: ' .:-=+*#' }), 79)[0]).toBe(
    `guarded-waiting-room  0:42/2:05  1:23 left  door [${' '.repeat(17)}..-#=] 132/s`,
  );
});

test('people who set out late are told before they make the run void', () => {
  const late = { ...COUNTERS, late: 24 };
  expect(statusLines({ ...SECOND, counters: late }, around(), 79)[1]).toBe(
    'in 1,204  waiting 310  joining 25  ejected 3  gave up 12  set out late 24!',
  );
});

test('colours stand on words that say the same', () => {
  const paint: Surroundings['paint'] = (style, text) => `<${String(style)}:${text}>`;
  expect(statusLines(SECOND, around({ paint }), 39)[1]).toBe('in 1,204  waiting 310  <red:ejected 3>');
  const calm = { ...SECOND, counters: { ...COUNTERS, ejected: 0 } };
  expect(statusLines(calm, around({ paint }), 39)[1]).toBe('in 1,204  waiting 310  ejected 0');
});

test('one plain line has it all; what is not known is not invented', () => {
  expect(plainLine(SECOND, around())).toBe(
    'guarded-waiting-room 0:42/2:05 1:23 left | arrived 2,310 in 1,204 waiting 310 joining 25 ejected 3 gave up 12 | ' +
      'door 132/s, most 210/s | server 84% worker 30% swarm 52% ping 12 ms',
  );
  expect(plainLine(nightSecond(500, {}, { probeMs: null }), around({ door: new Door() }))).toBe(
    'guarded-waiting-room 0:00/2:05 2:05 left | arrived 0 in 0 waiting 0 joining 0 ejected 0 gave up 0 | ' +
      'door 0/s, most 0/s | ping - ms',
  );
});

test('no line is ever wider than the terminal', () => {
  const count = fc.nat({ max: 2_000_000 });
  const label = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('夜の部屋'.repeat(9), 'חדר גדול'));
  fc.assert(
    fc.property(
      fc.record({ arrived: count, late: count, in: count, waiting: count, dialing: count, ejected: count }),
      fc.record({ nightMs: fc.nat(9e7), nightEndMs: fc.nat(9e7), sample: fc.constantFrom(null, SAMPLE) }),
      label,
      fc.option(fc.integer({ min: -1e6, max: 9e7 })),
      fc.constantFrom(BLOCKS, ' .:-=+*#'),
      fc.integer({ min: 0, max: 220 }),
      (counters, more, name, allLeftMs, signs, width) => {
        const second = nightSecond(0, counters, more);
        const lines = statusLines(second, around({ label: name, allLeftMs, barSigns: signs }), width);
        expect(lines).toHaveLength(2);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});
