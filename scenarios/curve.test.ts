/** The arrival curve: exact numbers from the models, and the picture that they give. */
import { expect, test } from 'vitest';
import { seismicCdf } from './arrivals/seismic.ts';
import { arrivalsByStep, drawCurve } from './curve.ts';
import { checkScenario, findScenario, LIBRARY } from './index.ts';
import { steady } from './library/steady.ts';
import type { ScenarioInput } from './schema.ts';

/** Ramp 0 to 4 s, baseline to 8 s, surge to 16 s, tail and leaving to 20 s. */
function shortNight(changes: Partial<ScenarioInput>) {
  return checkScenario(
    {
      ...steady,
      phases: { rampMs: 4_000, baselineMs: 4_000, surgeMs: 8_000, tailMs: 2_000, leavingMs: 2_000 },
      incumbents: { count: 40, model: { kind: 'even' } },
      ...changes,
    },
    'short',
  );
}

test('each step has the people that the models put there', () => {
  const night = shortNight({
    waves: [
      { id: 'even', moment: 'doors', count: 80, overMs: 8_000, model: { kind: 'even' } },
      {
        id: 'tweet',
        moment: 'doors',
        count: 1000,
        overMs: 4_000,
        model: { kind: 'seismic', compression: 150 },
      },
      {
        id: 'recorded',
        moment: 'doors',
        count: 300,
        overMs: 6_000,
        model: { kind: 'trace', file: 'hand.csv', quantilesMs: [0, 2_000, 2_000, 6_000] },
      },
    ],
  });
  const early = (1000 * seismicCdf(300)) / seismicCdf(600);
  const expected = [20, 20, 0, 0, 20 + early + 200, 20 + (1000 - early) + 50, 20 + 50, 20, 0, 0];
  arrivalsByStep(night, 10).forEach((people, step) => {
    expect(people, `step ${step}`).toBeCloseTo(expected[step]!, 9);
  });
});

test('whoever would come before the night comes with its first instant', () => {
  const night = shortNight({
    moments: [{ id: 'doors', afterSurgeStartMs: -10_000, title: 'Doors' }],
    waves: [{ id: 'even', moment: 'doors', count: 80, overMs: 4_000, model: { kind: 'even' } }],
  });
  expect(arrivalsByStep(night, 10)).toEqual([20 + 80, 20, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test.each(Object.keys(LIBRARY))('%s: the curve holds everybody', async (name) => {
  const night = await findScenario(name);
  const people = night.incumbents.count + night.waves.reduce((sum, { count }) => sum + count, 0);
  expect(arrivalsByStep(night, 60).reduce((sum, step) => sum + step, 0)).toBeCloseTo(people, 6);
});

test('the picture: eighths of a cell, few are not nobody, moments under their second', () => {
  const night = shortNight({
    phases: { rampMs: 10_000, baselineMs: 10_000, surgeMs: 20_000, tailMs: 10_000, leavingMs: 10_000 },
    incumbents: { count: 10, model: { kind: 'even' } },
    moments: [
      { id: 'doors', afterSurgeStartMs: 0, title: 'Doors' },
      { id: 'same', afterSurgeStartMs: 500, title: 'In the same second' },
      { id: 'out', afterSurgeStartMs: 10_000, title: 'Everybody out', action: 'restart-room' },
    ],
    waves: [
      { id: 'many', moment: 'doors', count: 1600, overMs: 10_000, model: { kind: 'even' } },
      { id: 'some', moment: 'out', count: 300, overMs: 10_000, model: { kind: 'even' } },
    ],
  });
  expect(drawCurve(night)).toEqual([
    'people/s',
    '  160 ┤                    ██████████',
    '      │                    ██████████',
    '      │                    ██████████',
    '      │                    ██████████',
    '      │                    ██████████',
    '      │                    ██████████',
    '      │                    ██████████▄▄▄▄▄▄▄▄▄▄',
    '      │▁▁▁▁▁▁▁▁▁▁          ████████████████████',
    `      └${'─'.repeat(60)}`,
    '                           a         c',
    '                           b',
    '       0 s                                                     60 s',
    '',
    '  a   20.0 s  Doors',
    '  b   20.5 s  In the same second',
    '  c   30.0 s  Everybody out (restart-room)',
  ]);
});
