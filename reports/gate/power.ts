/**
 * How often is the gate wrong? It is played on stored runs of which the truth is known: base against base, where every
 * alarm is false, and base against each injected regression, where every silence is a miss.
 *
 * The comparisons share their runs, so that they are not independent and the exact interval is too narrow by an amount
 * that nobody knows. It is stated as what it is: the bound that would hold if they were.
 */
import { UsageError } from '../../errors.ts';
import { clopperPearson } from './exact.ts';
import { atOneSpeed, geometricMean } from './one-speed.ts';
import type { GateOptions } from './options.ts';
import { BASE, drawComparison, drawFrom, type PowerRun, soundRuns } from './power-draws.ts';
import type { GateResult } from './schema.ts';
import { nextStep } from './sequence.ts';

export type PowerRow = {
  /** `none`: base against base. */
  readonly kind: string;
  readonly comparisons: number;
  /** How they ended. */
  readonly results: Readonly<Record<GateResult, number>>;
  /** Share that ended as a regression, with its exact 95 % interval. */
  readonly alarms: { readonly share: number; readonly from: number; readonly to: number };
  readonly pairsMean: number;
  /** Server CPU a join over the base's, at one speed of the core: geometric mean over all of its runs; null: no CPU is known. */
  readonly cpuRatio: number | null;
  /** How often a measure was among those that gave the alarm. */
  readonly foundBy: readonly (readonly [measure: string, times: number])[];
  readonly reuse: {
    /** Stored runs that could be drawn: of the base, and of the regression. */
    readonly runs: { readonly base: number; readonly candidate: number };
    /** How often each was in a comparison, on average. */
    readonly timesMean: number;
    /** How many comparisons of full length could be made without using a run twice. */
    readonly disjoint: number;
  };
};

export type PowerAnalysis = {
  readonly options: GateOptions;
  readonly seed: number;
  readonly voidRuns: number;
  readonly blocks: number;
  readonly rows: readonly PowerRow[];
};

/**
 * Plays the sequential rule on comparisons drawn from stored runs.
 *
 * @param comparisons of each kind.
 * @throws UsageError when the runs of a kind are too few for one comparison of full length.
 */
export function analysePower(
  stored: readonly PowerRun[],
  options: GateOptions,
  { comparisons = 200, seed = 1 }: { readonly comparisons?: number; readonly seed?: number } = {},
): PowerAnalysis {
  const runs = soundRuns(stored);
  const kinds = [BASE, ...new Set(stored.map(({ kind }) => kind).filter((kind) => kind !== BASE))];
  return {
    options,
    seed,
    voidRuns: stored.length - runs.length,
    blocks: new Set(runs.map(({ block }) => block)).size,
    rows: kinds.map((kind, nth) => rowOf(kind, runs, options, comparisons, seed + nth)),
  };
}

function rowOf(
  kind: string,
  runs: readonly PowerRun[],
  options: GateOptions,
  comparisons: number,
  seed: number,
): PowerRow {
  const draw = drawFrom(seed);
  const pairsMax = options.looks.at(-1)!;
  const available = drawComparison(runs, kind, draw).length;
  if (available < pairsMax) {
    throw new UsageError(
      'too-few-stored-runs',
      `expected runs for at least ${pairsMax} pairs of '${kind}', got ${available} pairs`,
      'play more blocks: npm run gate:power -- --blocks N',
    );
  }
  const results: Record<GateResult, number> = { regression: 0, 'no regression seen': 0, void: 0 };
  const foundBy = new Map<string, number>();
  let pairsUsed = 0;
  for (let nth = 0; nth < comparisons; nth++) {
    const pairs = drawComparison(runs, kind, draw).slice(0, pairsMax);
    const next = nextStep({ kind: 'paired', pairs, voidRuns: [] }, options);
    if (next.step !== 'verdict') throw new Error(`the rule asks for more than its last look, ${pairsMax}`);
    results[next.result]++;
    pairsUsed += next.judgement.runs;
    if (next.result !== 'regression') continue;
    for (const { name, significant } of [...next.judgement.measures, ...next.judgement.events]) {
      if (significant) foundBy.set(name, (foundBy.get(name) ?? 0) + 1);
    }
  }
  const drawable = runs.filter((run) => run.kind === BASE || run.kind === kind).length;
  const candidates = runs.filter((run) => run.kind === kind).length;
  return {
    kind,
    comparisons,
    results,
    alarms: { share: results.regression / comparisons, ...clopperPearson(results.regression, comparisons) },
    pairsMean: pairsUsed / comparisons,
    cpuRatio: cpuRatioOf(kind, runs),
    foundBy: [...foundBy].sort((a, b) => b[1] - a[1]),
    reuse: {
      runs: { base: kind === BASE ? drawable : drawable - candidates, candidate: candidates },
      timesMean: (2 * pairsUsed) / drawable,
      disjoint: Math.floor(available / pairsMax),
    },
  };
}

/** How much dearer a join really was. */
function cpuRatioOf(kind: string, runs: readonly PowerRun[]): number | null {
  const [base, candidate] = [BASE, kind].map((one) =>
    runs.filter((run) => run.kind === one).map(({ figures }) => figures),
  ) as [PowerRun['figures'][], PowerRun['figures'][]];
  const costOf = atOneSpeed({ base, candidate });
  const meanOf = (of: typeof base) => geometricMean(of.map((run) => costOf(run, 'serverCpuMsPerJoin')));
  const [ours, theirs] = [meanOf(candidate), meanOf(base)];
  return ours === null || theirs === null ? null : ours / theirs;
}
