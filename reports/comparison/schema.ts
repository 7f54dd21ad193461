/**
 * `comparison.json`: runs side by side and, where policies met the same crowds, what sets them apart. Published as
 * JSON Schema in `docs/reference`.
 */
import { z } from 'zod';
import { ablationSchema } from '../ablation.ts';
import { summarySchema } from '../summary-schema.ts';
import { buildsSchema } from './builds-schema.ts';
import { measureShape } from './measure-shape.ts';

const orNull = z.number().nullable();
const count = z.int().min(0);
const FINDINGS = [
  'too-few-pairs',
  'no-figure',
  'same-in-every-pair',
  'no-difference-seen',
  'lower',
  'higher',
] as const;

const differenceSchema = z.strictObject({
  policy: z.string(),
  pairs: count.describe('seeds on which both have a figure'),
  withoutFigure: count.describe('seeds on which both were measured and one of them has no figure'),
  mean: orNull.describe("mean over the pairs of the policy's figure minus the reference's"),
  interval: z
    .strictObject({ from: z.number(), to: z.number() })
    .nullable()
    .describe('paired t interval of the mean; null: under six pairs, or the same in every pair'),
  signFlipP: orNull.describe(
    'exact two-sided p of flipped signs, not corrected; null: too few pairs or too many',
  ),
  finding: z.enum(FINDINGS).describe('lower, higher: the interval excludes 0'),
  better: z.boolean().nullable().describe('null: nothing was found, or neither way is better'),
});

const measureSchema = z.strictObject({
  ...measureShape,
  byPolicy: z.array(
    z.strictObject({
      policy: z.string(),
      runs: count.describe('measured runs that are not void'),
      withoutFigure: count.describe('of these, without a figure'),
      mean: orNull.describe('over the runs with a figure'),
    }),
  ),
  differences: z.array(differenceSchema).describe('each policy but the reference'),
});

const policiesSchema = z.strictObject({
  reference: z.string().describe('the policy that the others are compared with: the first one'),
  policies: z.array(z.string()),
  seeds: z.array(z.int()),
  runs: z.strictObject({
    planned: count.describe('without the probe and without repeats'),
    measured: count.describe('not void and not partial'),
    void: count.describe('void at first'),
    repeated: count.describe('of these, played again at the end'),
    leftOut: z.array(z.strictObject({ policy: z.string(), seed: z.int(), reason: z.string() })),
  }),
  verdicts: z.array(
    z.strictObject({ policy: z.string(), pass: count, fail: count }).describe('of the measured runs'),
  ),
  discrimination: z
    .strictObject({
      probe: z.enum(['pass', 'fail']).nullable().describe('what open did; null: not known'),
      discriminates: z.boolean().nullable().describe('false: open passes this night; null: not known'),
      sentence: z.string(),
    })
    .describe('policies are ranked only on a night that open fails'),
  confidence: z.strictObject({
    familyWise: z.number().describe('of all intervals together'),
    intervals: count.describe('(policies - 1) x measures shown'),
    each: z.number().describe('1 - (1 - familyWise) / intervals (Bonferroni)'),
  }),
  measures: z.array(measureSchema),
  choice: z.array(z.string()).describe('what to choose and what it costs; empty: the data does not say'),
});
/** What a comparison of policies found. */
export type PoliciesCompared = z.infer<typeof policiesSchema>;
export type MeasureCompared = PoliciesCompared['measures'][number];
export type Difference = MeasureCompared['differences'][number];

export const comparisonSchema = z.strictObject({
  schema: z.literal('roomrush/comparison@3'),
  runs: z.array(
    z.strictObject({
      name: z.string(),
      folder: z.string().describe('relative to this file'),
      summary: summarySchema,
    }),
  ),
  policies: policiesSchema.nullable().describe('null: runs were laid side by side and no policies compared'),
  builds: buildsSchema.nullable().describe('null: policies were compared, or there is only one run'),
  ablation: ablationSchema.nullable(),
});
export type ComparisonFile = z.infer<typeof comparisonSchema>;

/** The published schema of `comparison.json`, as JSON Schema. */
export function comparisonJsonSchema(): object {
  return z.toJSONSchema(comparisonSchema, { target: 'draft-2020-12' });
}
