/**
 * `gate.json`: what a gate compared, how, and what it says; with every run's figures, so that anybody can judge again.
 * Published as JSON Schema in `docs/reference`.
 */
import { z } from 'zod';
import { gateFiguresSchema } from './figures.ts';
import { fingerprintSchema } from './fingerprint.ts';
import { kneeSchema } from './knee-schema.ts';
import { gateOptionsSchema } from './options.ts';

const orNull = z.number().nullable();
const count = z.int().min(0);
const interval = z.strictObject({ from: z.number(), to: z.number() });
const UNITS = ['ms', 'bytes', 'ratio'] as const;

/** A server that was compared. */
export const gateSideSchema = z.strictObject({
  kind: z.enum(['this-tree', 'git-ref', 'command', 'baseline']),
  name: z.string().describe('what was asked for: the ref, the command or the file; of this tree: its branch'),
  commit: z.string().nullable().describe('null: no git, or a command'),
  dirty: z.boolean().nullable().describe('changes that are in no commit; null: not known'),
});
export type GateSide = z.infer<typeof gateSideSchema>;

const STATUSES = ['judged', 'no-figure', 'incomplete', 'refused', 'ignored'] as const;
const status = z
  .enum(STATUSES)
  .describe(
    'judged; no-figure: not both sides have one; incomplete: the candidate lacks figures that the base has, so that it cannot be cleared; refused: from another kind of machine; ignored: asked for',
  );

const ratioSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  unit: z.enum(UNITS),
  status,
  reason: z.string().nullable().describe('why it is not judged, or incomplete'),
  runs: count.describe('pairs, or candidate runs, with a figure'),
  baseMean: orNull,
  candidateMean: orNull,
  ratio: orNull.describe('geometric mean of candidate over base'),
  interval: interval.nullable().describe('of the ratio, two-sided at 1 - 2 alpha'),
  p: orNull.describe('one-sided, of a ratio of at most 1 + tolerance'),
  alpha: orNull.describe('error rate of this test at this look'),
  smallestSeen: orNull.describe('smallest ratio that would have been found with the power of the options'),
  significant: z.boolean(),
});
export type RatioJudged = z.infer<typeof ratioSchema>;

const affected = z.strictObject({
  runs: count.describe('in which it could be checked'),
  affected: count.describe('of these, in which it happened'),
  unchecked: count.describe('in which it could not be checked'),
  total: count.describe('how often it happened in all of them'),
});

const eventSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  status,
  reason: z.string().nullable(),
  base: affected,
  candidate: affected,
  p: orNull.describe("Fisher's exact test, one-sided, on affected runs"),
  alpha: orNull.describe('error rate of this test at this look'),
  smallestRateSeen: orNull.describe(
    'smallest share of affected candidate runs that would have been found; null: none would',
  ),
  significant: z.boolean(),
});
export type EventJudged = z.infer<typeof eventSchema>;

const wallClockSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  unit: z.enum(UNITS),
  runs: count,
  baseMedian: orNull,
  candidateMedian: orNull,
  ratio: orNull.describe('median of the paired ratios; against a stored base, ratio of the medians'),
  interval: interval
    .nullable()
    .describe('95 % at least, by order statistics; null: under six pairs, or not paired'),
});
export type WallClockShown = z.infer<typeof wallClockSchema>;

const RESULTS = ['regression', 'no regression seen', 'void'] as const;
export type GateResult = (typeof RESULTS)[number];

const voidRunSchema = z.strictObject({
  side: z.enum(['base', 'candidate']),
  seed: z.int(),
  reasons: z.array(z.string()),
});
export type VoidRun = z.infer<typeof voidRunSchema>;

const lookSchema = z.strictObject({
  runs: count.describe('pairs, or candidate runs'),
  says: z.enum([...RESULTS, 'more pairs']),
});
export type Look = z.infer<typeof lookSchema>;

const pairSchema = z.strictObject({
  first: z.enum(['base', 'candidate']).describe('which side was played first'),
  base: gateFiguresSchema,
  candidate: gateFiguresSchema,
});
export type GatePair = z.infer<typeof pairSchema>;

export const gateSchema = z.strictObject({
  schema: z.literal('roomrush/gate@2'),
  night: z.string(),
  startedAt: z.string().describe('ISO 8601'),
  base: gateSideSchema,
  candidate: gateSideSchema,
  machine: fingerprintSchema,
  options: gateOptionsSchema,
  notes: z
    .array(z.string())
    .describe('what limits the comparison, such as keys that an older server does not know'),
  verdict: z.strictObject({
    result: z.enum(RESULTS),
    reasons: z.array(z.string()).describe('in words, the first ones first'),
  }),
  looks: z.array(lookSchema),
  measures: z.array(ratioSchema).describe('costs; with judgeWallClock the wall-clock figures too'),
  events: z.array(eventSchema),
  wallClock: z.array(wallClockSchema).describe('shown and not judged'),
  knee: kneeSchema.nullable().describe('null: it was not asked for'),
  runs: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('paired'), pairs: z.array(pairSchema) }),
      z.strictObject({
        kind: z.literal('stored'),
        base: z.array(gateFiguresSchema),
        candidate: z.array(gateFiguresSchema),
        refused: z.array(z.strictObject({ measure: z.string(), reason: z.string() })),
      }),
    ])
    .describe('that count, in the order of play'),
  voidRuns: z.array(voidRunSchema).describe('that do not count'),
});
/** The file. */
export type GateFile = z.infer<typeof gateSchema>;

/** The published schema of `gate.json`, as JSON Schema. */
export function gateJsonSchema(): object {
  return z.toJSONSchema(gateSchema, { target: 'draft-2020-12' });
}
