/**
 * The sequential rule: when to look, and when to stop. It is replayed from the runs in their order of play each time it is
 * asked, so that a gate that was broken off and goes on judges exactly as one that was not.
 */
import { countedOf, firstOf, type GateEvidence } from './evidence.ts';
import { type Judgement, judgeCounted } from './judge.ts';
import type { GateOptions } from './options.ts';
import type { GateResult, Look } from './schema.ts';

export type NextStep = {
  readonly looks: readonly Look[];
  /** Of the look that decided; else of the runs so far. */
  readonly judgement: Judgement;
} & (
  | {
      readonly step: 'more pairs';
      /** Pairs, or candidate runs, that must count before the next look. */
      readonly until: number;
    }
  | { readonly step: 'verdict'; readonly result: GateResult }
);

/** What to do after the runs so far. Runs beyond the look that decided are not looked at. */
export function nextStep(evidence: GateEvidence, options: GateOptions): NextStep {
  const counted = countedOf(evidence);
  const runs = counted.candidate.length;
  const looks: Look[] = [];
  for (const look of options.looks) {
    if (look > runs) break;
    // Void runs have no place in the order of those that count; they weigh on the newest look.
    const isLast = options.looks.every((later) => later <= look || later > runs);
    const voidRuns = isLast ? counted.voidRuns : [];
    const judgement = judgeCounted({ ...firstOf(counted, look), voidRuns }, options);
    looks.push({ runs: look, says: judgement.says });
    if (judgement.says !== 'more pairs') {
      return {
        step: 'verdict',
        result: judgement.says,
        looks,
        judgement: { ...judgement, voidRuns: counted.voidRuns },
      };
    }
  }
  const judgement = judgeCounted(counted, options);
  if (judgement.says !== 'more pairs') {
    return { step: 'verdict', result: judgement.says, looks, judgement };
  }
  return { step: 'more pairs', until: options.looks.find((look) => look > runs)!, looks, judgement };
}
