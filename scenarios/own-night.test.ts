/** A night of somebody's own, from a file, with the arrivals that were recorded beside it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { drawPlan } from '../simulator/plan/plan.ts';
import { findScenario } from './index.ts';
import { steady } from './library/steady.ts';
import { nightTimes, type ScenarioInput } from './schema.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-night-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** 100 people were recorded; 10,000 come in their shape. */
function nightWith(file: string, changes: Partial<ScenarioInput> = {}): ScenarioInput {
  return {
    ...steady,
    id: 'incident',
    waves: [
      { id: 'replayed', moment: 'doors', count: 10_000, overMs: 8_000, model: { kind: 'trace', file } },
    ],
    ...changes,
  };
}

writeFileSync(path.join(dir, 'incident.csv'), 'second,count\n1700000000,10\n1700000001,60\n1700000004,30\n');
writeFileSync(path.join(dir, 'night.json'), JSON.stringify(nightWith('incident.csv')));
writeFileSync(
  path.join(dir, 'night.ts'),
  `type Night = { readonly id: string };\nexport default ${JSON.stringify(nightWith('./incident.csv'))} satisfies Night;\n`,
);

test.each(['night.json', 'night.ts'])(
  '%s: the recorded curve comes, at the size of the wave',
  async (name) => {
    const night = await findScenario(path.join(dir, name));
    const plan = drawPlan(night, 7);
    expect(plan.size).toBe(steady.incumbents.count + 10_000);
    const { surgeStartMs } = nightTimes(night);
    const bySecond = new Array<number>(8).fill(0);
    for (const atMs of plan.columns.intendedMs.slice(plan.incumbentCount)) {
      bySecond[Math.floor((atMs - surgeStartMs) / 1000)]!++;
    }
    // Each person is drawn alone: three standard deviations of a binomial count are under 150.
    [1000, 6000, 0, 0, 3000, 0, 0, 0].forEach((people, second) => {
      expect(Math.abs(bySecond[second]! - people)).toBeLessThan(150);
    });
  },
);

test('another seed jitters the replay, the same one does not', async () => {
  const night = await findScenario(path.join(dir, 'night.json'));
  expect(drawPlan(night, 7).digest).toBe(drawPlan(night, 7).digest);
  expect(drawPlan(night, 8).digest).not.toBe(drawPlan(night, 7).digest);
});

test('a wave that is shorter than its record takes the first part of it', async () => {
  const [wave] = nightWith('incident.csv').waves;
  const file = path.join(dir, 'cut.json');
  writeFileSync(file, JSON.stringify(nightWith('incident.csv', { waves: [{ ...wave!, overMs: 1_500 }] })));
  const night = await findScenario(file);
  const { surgeStartMs } = nightTimes(night);
  const plan = drawPlan(night, 7);
  const first = [...plan.columns.intendedMs.slice(plan.incumbentCount)].filter(
    (atMs) => atMs < surgeStartMs + 1000,
  );
  expect(Math.abs(first.length - 2500)).toBeLessThan(150);
  expect(Math.max(...plan.columns.intendedMs)).toBeLessThanOrEqual(surgeStartMs + 1_500);
});

test('a night that was read once needs its record no more', async () => {
  const night = await findScenario(path.join(dir, 'night.json'));
  const elsewhere = mkdtempSync(path.join(dir, 'run-'));
  const file = path.join(elsewhere, 'scenario.json');
  writeFileSync(file, JSON.stringify(night));
  expect(await findScenario(file)).toEqual(night);
});

test('a record that is not there, or begins after the wave is over, is said', async () => {
  const file = path.join(dir, 'wrong.json');
  writeFileSync(file, JSON.stringify(nightWith('nowhere.csv')));
  await expect(findScenario(file)).rejects.toMatchObject({
    code: 'no-such-file',
    message: expect.stringContaining(path.join(dir, 'nowhere.csv')),
    exitCode: 2,
  });
  writeFileSync(path.join(dir, 'late.csv'), 'second,count\n0,0\n60,5\n');
  writeFileSync(file, JSON.stringify(nightWith('late.csv')));
  await expect(findScenario(file)).rejects.toMatchObject({ code: 'late-trace', exitCode: 2 });
});

test("a night's own policies are parts by name, outermost first", async () => {
  const gentle = [{ part: 'priority' }, { part: 'cap', seats: 600 }];
  const file = path.join(dir, 'gentle.json');
  writeFileSync(file, JSON.stringify(nightWith('incident.csv', { policies: { gentle } })));
  expect((await findScenario(file)).policies).toEqual({ gentle });
});

test("the guide's night is a valid one", async () => {
  const guide = readFileSync(new URL('../docs/guides/your-own-night.md', import.meta.url), 'utf8');
  const block = (kind: string) => guide.match(new RegExp(`\n\`\`\`${kind}\n(.*?)\n\`\`\`\n`, 's'))![1]!;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const guideDir = mkdtempSync(path.join(dir, 'guide-'));
  writeFileSync(path.join(guideDir, 'incident.csv'), block('csv'));
  const file = path.join(guideDir, 'my-night.ts');
  writeFileSync(file, block('ts').replaceAll("'./scenarios/", `'${root}scenarios/`));
  const night = await findScenario(file);
  expect(night.waves[0]!.model).toMatchObject({ kind: 'trace', file: 'incident.csv' });
  expect(Object.keys(night.policies)).toEqual(['gentle']);
});
