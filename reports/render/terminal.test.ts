/** The verdict on a terminal: what it says, that it fits, and that it says it without colours too. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { checkScenario, LIBRARY } from '../../scenarios/index.ts';
import type { ObjectiveResult, Summary } from '../summary-schema.ts';
import { FakeScreen } from '../testing/fake-screen.ts';
import { getsIn } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';
import { widthOf } from './columns.ts';
import { objectivesOfOne, objectivesSideBySide } from './objectives-terminal.ts';
import { terminalTable } from './terminal.ts';

const UNPAINTED = (_style: unknown, text: string) => text;

beforeEach(() => {
  vi.unstubAllEnvs();
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv('FORCE_COLOR', undefined);
});

const kept: ObjectiveResult = {
  id: 'ejections',
  title: 'People who had a seat keep it',
  measure: 'ejections.involuntaryShare',
  op: '<=',
  limit: 0.001,
  unit: 'share',
  measured: 0.452,
  samples: 4_000,
  interval: { low: 0.4, high: 0.47, highNotReached: false, level: 0.95, scope: 'within this run' },
  intervalReason: null,
  brokenBy: {
    what: 'times thrown out',
    unit: 'count',
    count: 1_808,
    listeners: [
      { personId: 8, name: 'p8', value: 3 },
      { personId: 9, name: 'p9', value: 2 },
    ],
  },
  pass: false,
  reason: null,
};
const nobody = { what: null, unit: null, count: 0, listeners: [] };
const answered: ObjectiveResult = {
  ...kept,
  id: 'answered',
  title: 'A seat, a position or a time to retry within 2 s',
  op: '>=',
  limit: 0.99,
  measured: 1,
  interval: null,
  intervalReason: 'all the same',
  brokenBy: nobody,
  pass: true,
};
const notReached: ObjectiveResult = {
  ...kept,
  id: 'join',
  title: 'Half are in soon',
  unit: 'ms',
  limit: 20_000,
  measured: null,
  interval: { low: 12_300, high: null, highNotReached: true, level: 0.95, scope: 'within this run' },
  brokenBy: nobody,
  reason: 'not reached: too many never got in',
};
const notJudged: ObjectiveResult = {
  ...answered,
  id: 'overflow',
  title: 'Overflow hears in time',
  unit: 'ms',
  op: '<=',
  limit: 500,
  measured: null,
  pass: null,
  reason: 'no listener with media was in an overflow room',
};
const ALL = [kept, answered, notReached, notJudged];

test('one run: result, figure, limit and interval of each objective, and whom to look at', () => {
  expect(objectivesOfOne(ALL, UNPAINTED)).toEqual([
    '     Objectives                       measured      limit        within this run',
    'FAIL People who had a seat keep         45.2 %   <= 0.1 %           40 % to 47 %',
    '     it',
    '       1,808 people (times thrown out): #8 3×, #9 2×, …',
    'pass A seat, a position or a time        100 %    >= 99 %',
    '     to retry within 2 s',
    'FAIL Half are in soon              not reached    <= 20 s  12.3 s to not reached',
    '       not reached: too many never got in',
    '–    Overflow hears in time         not judged  <= 500 ms',
    '       no listener with media was in an overflow room',
  ]);
  // Without intervals there is more room for titles.
  expect(objectivesOfOne([answered], UNPAINTED)).toEqual([
    `     Objectives${' '.repeat(48)}measured    limit`,
    `pass A seat, a position or a time to retry within 2 s${' '.repeat(13)}100 %  >= 99 %`,
  ]);
});

const withObjectives = (summary: Summary, objectives: readonly ObjectiveResult[]): Summary => ({
  ...summary,
  verdict: { ...summary.verdict, objectives: [...objectives] },
});
const base = await summaryOf({
  people: [{ intendedMs: 5_000 }],
  rows: getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
});

test('several runs stand side by side, and an objective with another limit is another one', () => {
  const calm = ALL.map((one) => ({ ...one, measured: 0, pass: true, reason: null }));
  const other = { ...kept, limit: 0.5, pass: true };
  const runs = [withObjectives(base, ALL), withObjectives(base, [...calm, other])];
  const lines = objectivesSideBySide(runs, { label: 40, run: 20 }, UNPAINTED);
  expect(lines.map((line) => line.replaceAll('\u00a0', ' '))).toEqual([
    'Objectives',
    '  People who had a seat keep it                  FAIL 45.2 %            pass 0 %',
    '    (<= 0.1 %)',
    '  A seat, a position or a time to                 pass 100 %            pass 0 %',
    '    retry within 2 s (>= 99 %)',
    '  Half are in soon (<= 20 s)                FAIL not reached           pass 0 ms',
    '  Overflow hears in time (<= 500 ms)            – not judged           pass 0 ms',
    '  People who had a seat keep it                            –         pass 45.2 %',
    '    (<= 50 %)',
  ]);
});

test('names of runs are not cut, so that two of them never look the same', () => {
  const named = (switched: string): Summary => ({
    ...base,
    run: { ...base.run, profile: 'guarded', policy: 'waiting-room', features: { presence: switched } },
  });
  const lines = terminalTable([named('each'), named('batched')], new FakeScreen()).split('\n');
  expect(lines.slice(1, 4)).toEqual([
    `${' '.repeat(52)}guarded,            guarded,`,
    `${' '.repeat(47)}waiting-room,        waiting-room`,
    `${' '.repeat(47)}presence=each`,
  ]);
});

test('colours only where somebody sees them, and the same words without', () => {
  const summaries = [withObjectives(base, ALL)];
  const piped = terminalTable(summaries, new FakeScreen(80, false));
  expect(piped).not.toContain('\x1b');
  vi.stubEnv('NO_COLOR', '1');
  expect(terminalTable(summaries, new FakeScreen())).toBe(piped);
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv('FORCE_COLOR', '1');
  const coloured = terminalTable(summaries, new FakeScreen());
  expect(coloured).toContain('\x1b[31mFAIL');
  expect(stripVTControlCharacters(coloured)).toBe(piped);
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.constantFrom('夜の部屋'.repeat(20), 'חדר גדול '.repeat(12), '👩‍👩‍👧'.repeat(12), '\x1b[2J\x1b[H\r\nx'),
);
const figure = fc.double({ min: 0, max: 1e9, noNaN: true });

/** A summary of that night, with whatever figures and names. */
function anyRunOf(night: string): fc.Arbitrary<Summary> {
  const { objectives } = checkScenario(LIBRARY[night], night);
  const result = fc.record({
    measured: fc.option(figure),
    bounds: fc.option(fc.record({ low: figure, high: fc.option(figure) })),
    pass: fc.constantFrom(true, false, null),
    title: fc.option(text),
    reason: fc.option(text),
    people: fc.array(fc.record({ personId: fc.nat(), name: text, value: fc.option(figure) }), {
      maxLength: 4,
    }),
    count: fc.nat(),
  });
  return fc
    .record({
      results: fc.tuple(...objectives.map(() => result)),
      profile: text,
      notes: fc.array(text, { maxLength: 3 }),
      verdict: fc.constantFrom('pass', 'fail', 'void'),
      id: text,
      cpuSeconds: figure,
      arrived: fc.nat(),
    })
    .map(
      ({ results, profile, notes, verdict, id, cpuSeconds, arrived }): Summary => ({
        ...base,
        run: { ...base.run, id, profile },
        crowd: { ...base.crowd, arrived },
        server: { ...base.server, cpuSeconds },
        verdict: {
          result: verdict,
          reasons: notes,
          notes,
          objectives: objectives.map((objective, nth) => {
            const { measured, bounds, pass, title, reason, people, count } = results[nth]!;
            return {
              ...objective,
              title: title ?? objective.title,
              measured,
              samples: count,
              interval:
                bounds === null
                  ? null
                  : {
                      ...bounds,
                      highNotReached: bounds.high === null,
                      level: 0.95,
                      scope: 'within this run',
                    },
              intervalReason: null,
              brokenBy: { what: 'in after', unit: 'ms', count, listeners: people },
              pass,
              reason,
            };
          }),
        },
      }),
    );
}

test.each(Object.keys(LIBRARY))('whatever a run of %s found, its table fits 80 columns', (night) => {
  const screen = new FakeScreen(80, false);
  fc.assert(
    fc.property(fc.array(anyRunOf(night), { minLength: 1, maxLength: 4 }), (summaries) => {
      const lines = terminalTable(summaries, screen).split('\n');
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
      expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    }),
    { numRuns: 25 },
  );
});
