/** Seconds that are bad because those inside hear badly: by packets whose loss and gaps are known. */
import { expect, test } from 'vitest';
import type { ScenarioInput } from '../../scenarios/schema.ts';
import { getsIn, type HandRow, smallNight } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const incumbent = { intendedMs: 1_000, cohort: 'incumbent', body: 'rtp' as const };
/** Two incumbents, and one whose arrival at 5 s is the surge's start and end. */
const PEOPLE = [incumbent, incumbent, { intendedMs: 5_000, body: 'rtp' as const }];
const LATECOMER = 2;

const everybodyIn: readonly HandRow[] = [
  ...[0, 1].flatMap((person) => getsIn(person, { dial: 1_000, opened: 1_010, seated: 1_020 })),
  ...getsIn(LATECOMER, { dial: 5_000, opened: 5_000, seated: 5_000 }),
];

/** The second that ends at `ms`: so many of 100 packets are missing, and so long was it silent. */
const hears = (ms: number, person: number, lost: number, gapMs = 61): HandRow => [
  ms,
  'listener',
  'media',
  person,
  { value: 100 - lost, lost, gapMs },
];

const ANOTHER: ScenarioInput['objectives'] = [
  { id: 'calm', title: 'Calm again', measure: 'recovery.ms', op: '<=', limit: 5_000, unit: 'ms' },
];

/** @param objectives of the night; without them, one that says nothing of what those inside hear. */
async function recoveryOf(rows: readonly HandRow[], objectives = ANOTHER) {
  const scenario = smallNight({ objectives });
  const { recovery } = await summaryOf({ scenario, people: PEOPLE, rows: [...everybodyIn, ...rows] });
  return recovery;
}

const calm = { ms: 0, metastable: false };
const until = (ms: number) => ({ ms, metastable: false });

test('a second is bad when those inside lost more than 1 % of its packets together, and not at 1 %', async () => {
  expect(await recoveryOf([hears(9_400, 0, 1)])).toEqual(calm);
  expect(await recoveryOf([hears(9_400, 0, 2)])).toEqual(until(5_000));
  // Two of two hundred.
  expect(await recoveryOf([hears(9_400, 0, 2), hears(9_600, 1, 0)])).toEqual(calm);
  expect(await recoveryOf([hears(9_400, 0, 2), hears(9_600, 1, 1)])).toEqual(until(5_000));
  // Of another second, which is not as full.
  expect(await recoveryOf([hears(9_400, 0, 0), hears(10_001, 1, 2)])).toEqual(until(6_000));
});

test('a second is bad when one of those inside heard nothing for more than 500 ms, and not at 500 ms', async () => {
  expect(await recoveryOf([hears(12_000, 0, 0, 500)])).toEqual(calm);
  expect(await recoveryOf([hears(12_000, 0, 0, 501), hears(12_000, 1, 0)])).toEqual(until(7_000));
});

test('what came before the end of the surge, and who came with it, is not judged', async () => {
  expect(await recoveryOf([hears(5_000, 0, 50, 900)])).toEqual(calm);
  expect(await recoveryOf([hears(12_000, LATECOMER, 50, 900)])).toEqual(calm);
});

test('the limits are those of the objectives of the night', async () => {
  const objectives: ScenarioInput['objectives'] = [
    { id: 'loss', title: 'Loss', measure: 'incumbents.lossShareSurge', op: '<=', limit: 0.05, unit: 'share' },
    { id: 'gap', title: 'Gap', measure: 'incumbents.longestGapMs', op: '<=', limit: 800, unit: 'ms' },
  ];
  expect(await recoveryOf([hears(9_400, 0, 5, 800)], objectives)).toEqual(calm);
  expect(await recoveryOf([hears(9_400, 0, 6)], objectives)).toEqual(until(5_000));
  expect(await recoveryOf([hears(12_000, 0, 0, 801)], objectives)).toEqual(until(7_000));
});

test('who still hears badly in the last second of the talk never recovered', async () => {
  expect(await recoveryOf([hears(23_000, 0, 3)])).toEqual(until(18_000));
  expect(await recoveryOf([hears(23_001, 0, 3)])).toEqual({ ms: null, metastable: true });
});
