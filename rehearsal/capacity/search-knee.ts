/**
 * One search for a knee: it asks what comes next, has it played, and stops in time. What was played before is recognised by
 * who asks, so that a search that was broken off goes on by asking the same questions.
 */
import type { SearchEnd } from '../../reports/capacity/result.ts';
import type { CapacityProbe } from '../../reports/capacity/schema.ts';
import { nextStep, probesExpected, type SearchOptions, VOIDS_MAX } from '../../reports/capacity/search.ts';
import { isInterruption } from '../processes.ts';

export type KneeSearch = {
  readonly options: SearchOptions;
  /** Of each level's first probe; its next ones have the seeds that follow. */
  readonly seed: number;
  readonly budgetMs: number;
  /** What a probe takes, before there is one to tell. */
  readonly guessMs: number;
  /** What an earlier, broken-off search has measured there; null: nothing. */
  readonly kept: (scale: number, seed: number) => CapacityProbe | null;
  readonly play: (scale: number, seed: number) => Promise<CapacityProbe>;
  /**
   * @param probes so far, the newest one last.
   * @param kept that one was played before.
   * @param leftMs an estimate for what is left of the search, never more than its time.
   */
  readonly ended: (probes: readonly CapacityProbe[], kept: boolean, leftMs: number) => void;
  readonly stop: AbortSignal;
};

export type KneeSearched = { readonly probes: readonly CapacityProbe[]; readonly end: SearchEnd };

/** Searches to its end, or until somebody stops it. */
export async function searchKnee(search: KneeSearch): Promise<KneeSearched> {
  const { options, budgetMs, stop } = search;
  const probes: CapacityProbe[] = [];
  const spentMs = () => probes.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const meanMs = () => (probes.length === 0 ? search.guessMs : spentMs() / probes.length);
  const probesLeft = () => Math.floor((budgetMs - spentMs()) / meanMs());
  // What disturbed a search that ended void is over when somebody goes on with it.
  let voidsMax = VOIDS_MAX;
  let wasKept = false;
  for (;;) {
    const step = nextStep(probes, options, probesLeft(), voidsMax);
    if (step.step === 'end' && step.how === 'void' && wasKept) {
      voidsMax += VOIDS_MAX;
      continue;
    }
    if (step.step === 'end') return { probes, end: step.how };
    const seed = search.seed + step.tries;
    const kept = search.kept(step.scale, seed);
    if (kept === null && stop.aborted) return { probes, end: 'interrupted' };
    try {
      const probe = kept ?? (await search.play(step.scale, seed));
      probes.push(probe);
      wasKept = kept !== null;
      const isOver = nextStep(probes, options, probesLeft(), voidsMax).step === 'end';
      const neededMs = isOver ? 0 : meanMs() * probesExpected(probes, options);
      search.ended([...probes], wasKept, Math.max(0, Math.min(budgetMs - spentMs(), neededMs)));
    } catch (error) {
      if (isInterruption(error, stop)) return { probes, end: 'interrupted' };
      throw error;
    }
  }
}
