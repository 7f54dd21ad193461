import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nightTimes } from '../../../scenarios/schema.ts';
import { createTraits } from '../../persona/traits.ts';
import { drawPlan } from '../../plan/plan.ts';
import { rulesOf } from '../../swarm/rules.ts';
import { folder } from '../../swarm/testing/processes.ts';
import { writeNightFile } from './night-file.ts';
import { headLine, type NightPerson, personLine, readHead, readPerson } from './night-lines.ts';
import { SEED, setup, smallNight } from './testing/parts.ts';

const SURGE = fileURLToPath(new URL('../../../scenarios/k6/surge.ts', import.meta.url));
const plan = drawPlan(smallNight, SEED);
const everybody = Array.from({ length: plan.size }, (_, id) => id);
const target = 'ws://127.0.0.1:9/signal';

function written(dir: string): { readonly file: string; readonly lines: string[] } {
  const file = path.join(dir, 'night.jsonl');
  writeNightFile(file, { scenario: smallNight, seed: SEED, plan, people: everybody, target });
  return { file, lines: readFileSync(file, 'utf8').trimEnd().split('\n') };
}

test('the file holds the very people of the plan, and the rules of every other body', () => {
  const { lines } = written(folder());
  const head = readHead(lines);
  expect(head).toMatchObject({ scenario: 'steady', seed: SEED, planDigest: plan.digest, target, people: 40 });
  expect(head.rules).toEqual(rulesOf(smallNight));
  expect(head.nightEndMs).toBe(nightTimes(smallNight).nightEndMs);
  const traitsOf = createTraits(plan, SEED);
  const people = lines.slice(1).map(readPerson);
  expect(people).toEqual(
    everybody.map((id) => {
      const { hallwayAtMs, seed, cohort } = plan.personAt(id);
      return { ...traitsOf(id), hallwayAtMs, seed, cohort };
    }),
  );
  expect(people.some(({ hallwayAtMs }) => Number.isNaN(hallwayAtMs))).toBe(true);
  expect(people.some(({ hallwayAtMs }) => hallwayAtMs > 0)).toBe(true);
});

test('any person comes out of a line as they went in, whatever their script', () => {
  const ms = fc.oneof(fc.double({ min: 0, max: 86_400_000 }), fc.constant(Number.NaN));
  const template = readPerson(written(folder()).lines[1]!);
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      ms,
      ms,
      fc.nat(),
      (name, intendedMs, hallwayAtMs, seed) => {
        const person: NightPerson = { ...template, name, intendedMs, hallwayAtMs, seed };
        const line = personLine(person);
        expect(line).not.toContain('\n');
        // JSON has no negative zero, and no instant is one.
        expect(readPerson(line)).toEqual({ ...person, intendedMs: intendedMs + 0 });
      },
    ),
  );
});

describe('what is no whole night', () => {
  test.each([
    ['an empty file', () => [''], 'got an empty file'],
    ['another schema', () => ['{"schema":"roomrush/k6-night@0"}'], 'says "schema":"roomrush/k6-night@1"'],
    ['no JSON', () => ['night'], 'got night'],
  ])('%s is refused', (_what, make, message) => {
    expect(() => readHead(make())).toThrow(message);
  });

  test('fewer people than the head says are refused by k6 before anything starts', () => {
    const dir = folder();
    const { file, lines: whole } = written(dir);
    writeFileSync(file, whole.slice(0, -3).join('\n'));
    const { status, stderr } = spawnSync(
      setup.k6!,
      ['run', '--quiet', '--no-color', '--address=', `--env=NIGHT=${file}`, SURGE],
      { encoding: 'utf8' },
    );
    expect(status).toBe(107);
    expect(stderr).toContain("the night's file says 40 people and has lines for 37: it was cut off");
  });

  test.each(['{}', '[]', 'null', '{"personId":"1","name":"x"}'])('%s is no person', (line) => {
    expect(() => readPerson(line)).toThrow('expected a person');
  });

  test('a head says what it is by itself', () => {
    const { lines: whole } = written(folder());
    const { schema: _, ...head } = readHead(whole);
    expect(headLine(head)).toBe(whole[0]);
  });
});
