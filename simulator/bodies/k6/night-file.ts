/** Writes the file in which k6 finds its night: the same people, rules and instants as every other body's. */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { nightTimes, type Scenario } from '../../../scenarios/schema.ts';
import { createTraits } from '../../persona/traits.ts';
import type { Plan } from '../../plan/plan.ts';
import { rulesOf } from '../../swarm/rules.ts';
import { headLine, personLine } from './night-lines.ts';
import { thresholdsOf } from './thresholds.ts';

type NightForK6 = {
  /** At its size. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly plan: Plan;
  /** Whom k6 carries out. */
  readonly people: readonly number[];
  /** Where the server listens: ws://.../signal. */
  readonly target: string;
};

/** Lines that are gathered for one write. */
const LINES_A_WRITE = 1000;

/** Writes the file beside and renames it, so that nobody plays half a night. */
export function writeNightFile(file: string, { scenario, seed, plan, people, target }: NightForK6): void {
  const { surgeStartMs, nightEndMs } = nightTimes(scenario);
  const traitsOf = createTraits(plan, seed);
  const half = `${file}.part`;
  const fd = openSync(half, 'w');
  try {
    const head = headLine({
      scenario: scenario.id,
      seed,
      planDigest: plan.digest,
      target,
      people: people.length,
      surgeStartMs,
      nightEndMs,
      rules: rulesOf(scenario),
      ...thresholdsOf(scenario.objectives),
    });
    writeSync(fd, `${head}\n`);
    for (let from = 0; from < people.length; from += LINES_A_WRITE) {
      const lines = people.slice(from, from + LINES_A_WRITE).map((personId) => {
        const { hallwayAtMs, seed: ownSeed, cohort } = plan.personAt(personId);
        return `${personLine({ ...traitsOf(personId), hallwayAtMs, seed: ownSeed, cohort })}\n`;
      });
      writeSync(fd, lines.join(''));
    }
  } finally {
    closeSync(fd);
  }
  renameSync(half, file);
}
