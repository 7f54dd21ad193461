/** Nights as `roomrush scenarios` says them: complete, within 80 columns, and without colours. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkObjectives } from '../reports/index.ts';
import { findScenario, LIBRARY } from '../scenarios/index.ts';
import { parametersOf } from '../scenarios/parameters.ts';
import { listedNight, shownNight } from './scenario-text.ts';
import { roomrush, SMALL_NIGHT, testFolder } from './testing/command.ts';

test('list says each night in a sentence, in their order', async () => {
  const { code, stdout } = await roomrush('scenarios', 'list').ended;
  expect(code).toBe(0);
  const names = stdout.split('\n').flatMap((line) => line.match(/^[a-z-]+/)?.[0] ?? []);
  expect(names).toEqual([
    'zuckerberg',
    'musk',
    'dotcom',
    'eviction',
    'restart',
    'step',
    'media-bound',
    'steady',
  ]);
  expect(stdout).toContain(
    'zuckerberg   The Zuckerberg room: A talk is under way when Mark Zuckerberg joins\n             unannounced.\n',
  );
});

test.each(Object.keys(LIBRARY))(
  '%s is judged by measures that exist, fits 80 columns and names every parameter',
  async (name) => {
    const night = await findScenario(name);
    checkObjectives(night);
    const text = shownNight(night);
    for (const line of [...text.split('\n'), ...listedNight(night).split('\n')]) {
      expect([...line].length, line).toBeLessThanOrEqual(80);
    }
    const said = new Set(text.split('\n').map((line) => line.match(/^[* ] ([a-z][\w.-]*) {2}/i)?.[1]));
    for (const { path: parameter } of parametersOf(night)) {
      if (parameter.startsWith('objectives.')) continue;
      expect(
        [...said].some((one) => one !== undefined && `${parameter}.`.startsWith(`${one}.`)),
        parameter,
      ).toBe(true);
    }
  },
);

test('show marks assumptions, cites facts and draws the curve', async () => {
  const { code, stdout } = await roomrush('scenarios', 'show', 'zuckerberg').ended;
  expect(code).toBe(0);
  expect(stdout).not.toContain('\u001B');
  expect(stdout).toContain(
    '* rooms.main.seats  2000\n    assumption: 2,000 seats stand for the 5,000 of C1, so that the night fits\n    two cores\n',
  );
  expect(stdout).toContain('  rooms.overflow  seats 2000, roomsMax 1\n    C6: overflow rooms existed');
  expect(stdout).toContain('  417 ┤');
  expect(stdout).toContain('  c   47.0 s  Dotcom invites his followers\n');
});

/** The policy of docs/guides/your-own-night.md. */
const GENTLE = [
  { part: 'priority' },
  { part: 'waiting-room' },
  { part: 'adaptive', workerCpuShareTarget: 0.7 },
  { part: 'cap', seats: 600 },
  { part: 'hold' },
  { part: 'overflow', roomsMax: 2 },
];

test('a night of your own, its record beside it and its own policy: shown and found valid', async () => {
  const { dir, night } = testFolder({
    ...SMALL_NIGHT,
    waves: [{ ...SMALL_NIGHT.waves[0]!, model: { kind: 'trace', file: 'incident.csv' } }],
    policies: { gentle: GENTLE },
    sources: {},
  });
  writeFileSync(path.join(dir, 'incident.csv'), 'at_s\n10\n11\n10.5\n');
  const checked = await roomrush('scenarios', 'check', night).ended;
  expect(checked.stdout).toBe(`${night}: a valid night (small)\n`);
  const shown = await roomrush('scenarios', 'show', night).ended;
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('  gentle  priority > waiting-room > adaptive > cap > hold > overflow\n');
  expect(shown.stdout).toContain('* waves.0.model.file  incident.csv\n    no source given\n');
  const json = JSON.parse((await roomrush('scenarios', 'show', night, '--json').ended).stdout);
  expect(json.waves[0].model).toEqual({ kind: 'trace', file: 'incident.csv', quantilesMs: [0, 500, 1000] });
});

test('check: a policy that contradicts itself, and an objective on nothing, are refused', async () => {
  const { night } = testFolder({ ...SMALL_NIGHT, policies: { odd: [...GENTLE].reverse() } });
  const { code, stderr } = await roomrush('scenarios', 'check', night).ended;
  expect(stderr).toContain('the policy odd cannot work');
  expect(code).toBe(2);
  const [objective] = SMALL_NIGHT.objectives;
  const other = testFolder({
    ...SMALL_NIGHT,
    objectives: [{ ...objective!, measure: 'ejections.strandet' }],
  });
  const refused = await roomrush('scenarios', 'check', other.night).ended;
  expect(refused.stderr).toContain('did you mean ejections.stranded');
  expect(refused.code).toBe(2);
});
