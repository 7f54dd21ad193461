/** By what the gate judges, and how the error rate is divided among its looks and measures. */
import { z } from 'zod';
import { listIssues, UsageError } from '../../errors.ts';

const LOOKS = [6, 10, 16];
/** Two pairs have a scatter, if a wide one; one has none. */
const PAIRS_MIN = 2;

export const gateOptionsSchema = z
  .strictObject({
    tolerance: z.number().min(0).max(1).default(0.05).describe('a cost may rise by this share'),
    detect: z
      .number()
      .positive()
      .max(10)
      .default(0.2)
      .describe('a rise of a cost that must have been visible for "no regression seen"'),
    looks: z
      .array(z.int().min(PAIRS_MIN))
      .min(1)
      .default(LOOKS)
      .describe('numbers of pairs after which it is judged'),
    alpha: z
      .number()
      .gt(0)
      .lt(0.5)
      .default(0.05)
      .describe('chance of any false alarm, over all looks and measures'),
    power: z.number().gt(0.5).lt(1).default(0.9).describe('what "could have been seen" means'),
    costsShare: z.number().gt(0).lt(1).default(0.6).describe('share of alpha that the costs take'),
    eventRateMax: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.8)
      .describe('an event in this share of the runs must have been visible for "no regression seen"'),
    resolution: z
      .number()
      .positive()
      .default(0.002)
      .describe('scatter of log ratios below which no measurement of a cost is believed'),
    judgeWallClock: z.boolean().default(false),
    judgeKnee: z.boolean().default(false).describe('the knee is judged too, after the surges'),
    kneeShare: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.2)
      .describe('share of alpha that the knee takes where it is judged; the looks have the rest'),
    ignoredEvents: z
      .array(z.string())
      .default([])
      .describe('shown and not judged: what the night brings about anyway'),
  })
  .refine(({ detect, tolerance }) => detect > tolerance, {
    path: ['detect'],
    message: 'must be larger than tolerance: what is tolerated is never seen',
  })
  .refine(({ looks }) => looks.every((look, nth) => nth === 0 || look > looks[nth - 1]!), {
    path: ['looks'],
    message: 'must rise',
  });
export type GateOptions = z.infer<typeof gateOptionsSchema>;

/**
 * The options of a gate, with their defaults.
 *
 * @throws UsageError listing every option that makes no sense.
 */
export function gateOptions(given: z.input<typeof gateOptionsSchema> = {}): GateOptions {
  const parsed = gateOptionsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    'bad-gate-options',
    `expected options of a gate:\n${listIssues(parsed.error.issues)}`,
    'shares are numbers such as 0.05 for 5 %',
  );
}

/**
 * The looks up to a number of pairs; the last one is that number.
 *
 * @throws UsageError under 2 pairs.
 */
export function looksUpTo(pairsMax: number): number[] {
  if (!Number.isInteger(pairsMax) || pairsMax < PAIRS_MIN) {
    throw new UsageError(
      'too-few-pairs',
      `expected a whole number of pairs, at least ${PAIRS_MIN}, got ${pairsMax}`,
      `${LOOKS.at(-1)} pairs tell a rise of 20 % from none on most machines`,
    );
  }
  return [...LOOKS.filter((look) => look < pairsMax), pairsMax];
}

type Shared = Pick<GateOptions, 'alpha' | 'judgeKnee' | 'kneeShare'>;

/** The error rate of the one test of the knee; 0: it is not judged. */
export function alphaOfKnee({ alpha, judgeKnee, kneeShare }: Shared): number {
  return judgeKnee ? alpha * kneeShare : 0;
}

/**
 * The error rate of one test at one look: Bonferroni. Each look has the same part of what the knee leaves of alpha, divided
 * among the measures that are judged at it, so that the chance of any false alarm in a gate is at most alpha however measures and looks hang
 * together; and they do (bytes and messages rise together, a look contains the one before).
 *
 * What else was looked at: spending alpha by O'Brien and Fleming or Lan and DeMets (needs the joint law of the looks,
 * which is known for a normal mean of known variance, and neither for t with six pairs nor for counts); a mixture SPRT
 * (may look after every pair, and pays for it with about a third more pairs where three looks do). With few looks and
 * measures Bonferroni costs little power: the quantile of t grows with the logarithm of their number.
 *
 * @param judged how many costs and events have figures at this look; a kind without any leaves its part to the other.
 */
export function alphaOfEach(
  options: Shared & Pick<GateOptions, 'looks' | 'costsShare'>,
  judged: { readonly costs: number; readonly events: number },
): { readonly cost: number; readonly event: number } {
  const { alpha, looks, costsShare } = options;
  const perLook = (alpha - alphaOfKnee(options)) / looks.length;
  const forCosts = judged.events === 0 ? perLook : judged.costs === 0 ? 0 : perLook * costsShare;
  return {
    cost: judged.costs === 0 ? 0 : forCosts / judged.costs,
    event: judged.events === 0 ? 0 : (perLook - forCosts) / judged.events,
  };
}
