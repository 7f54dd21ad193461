/** Knees whose truth is known, for the tests of what the gate says of them. */
import { resultOf } from '../../capacity/result.ts';
import type { CapacityProbe } from '../../capacity/schema.ts';
import { nextStep } from '../../capacity/search.ts';
import type { KneeEvidence } from '../knee.ts';
import type { KneeNight, KneeSearched } from '../knee-schema.ts';

type Outcome = CapacityProbe['outcome'];
/** By the first letter. */
const OUTCOME_OF: Readonly<Record<string, Outcome>> = {
  h: 'held',
  f: 'failed',
  g: 'generator',
  v: 'void',
};
const RANGE = { start: 1, scaleMin: 0.25, scaleMax: 4, resolution: 1.2 };
const ARRIVALS_AT_1 = 1_000;

function probeAt(scale: number, seed: number, outcome: Outcome): CapacityProbe {
  const people = Math.round(ARRIVALS_AT_1 * scale);
  return {
    ...{ scale, seed, outcome, people, arrivalsPerSecond: people, seatedMax: people, objectives: 1 },
    ...{ failed: [], reasons: outcome === 'held' ? [] : [`it was ${outcome}`], tookMs: 1 },
    evidence: {
      ...{ serverShare: 0.4, workerShare: 0, swarmShare: 0.1, stallMsMax: 10, rssBytesMax: 1e8 },
      ...{ memoryBytes: 1e10, listenOverflows: 0, openFileErrors: 0, serverEnded: false },
    },
  };
}

/** The search on a base of this truth, as far as there is time for. */
export function searchOf(truth: (scale: number) => Outcome, fits = 100): KneeSearched {
  const probes: CapacityProbe[] = [];
  for (;;) {
    const step = nextStep(probes, RANGE, fits - probes.length);
    if (step.step === 'end') {
      return { ...RANGE, minutes: 20, finished: true, result: resultOf(probes, RANGE, step.how), probes };
    }
    probes.push(probeAt(step.scale, step.tries, truth(step.scale)));
  }
}

/** A search that Ctrl-C broke off after its first probe. */
export function brokenOff(): KneeSearched {
  const probes = [probeAt(1, 0, 'held')];
  const result = resultOf(probes, RANGE, 'interrupted');
  return { ...RANGE, minutes: 20, finished: false, result, probes };
}

/** It holds up to scale 1.5, and the search has it between 1.41 and 1.68. */
export const SEARCHED = searchOf((scale) => (scale <= 1.5 ? 'held' : 'failed'));

/**
 * Nights at the level of that base, a letter a night: held, failed, generator, void. Both sides have one crowd a column; a
 * column of several letters was played so often.
 */
export function kneeOf(base: string, candidate: string, search = SEARCHED): KneeEvidence {
  const nightsOf = (side: KneeNight['side'], columns: string) =>
    columns
      .split(' ')
      .flatMap((column, nth) =>
        [...column].map((letter): KneeNight => ({ side, probe: probeAt(1.27, nth, OUTCOME_OF[letter]!) })),
      );
  return { search, nights: [...nightsOf('base', base), ...nightsOf('candidate', candidate)] };
}
