/** The part of `comparison.json` about runs that were laid side by side after the fact: what sets their builds apart. */
import { z } from 'zod';
import { measureShape } from './measure-shape.ts';

const orNull = z.number().nullable();
const count = z.int().min(0);

const BASES = ['pairs', 'runs', 'within-run'] as const;
const FINDINGS = ['no-figure', 'no-interval', 'not-told-apart', 'lower', 'higher'] as const;

const endsSchema = z.strictObject({
  from: orNull.describe('null: no lower end'),
  to: orNull.describe('null: no upper end, because a figure was not reached'),
});

const differenceSchema = z.strictObject({
  build: z.string(),
  samples: count.describe('pairs of runs; of runs without a common crowd those of the smaller side'),
  mean: orNull.describe(
    "the build's figure minus the reference's, over the runs; null: one of them has none",
  ),
  interval: endsSchema.nullable(),
  finding: z.enum(FINDINGS).describe('lower, higher: the interval excludes 0'),
  better: z.boolean().nullable().describe('null: not told apart, or neither way is better'),
});

const measureSchema = z.strictObject({
  ...measureShape,
  byBuild: z.array(
    z.strictObject({
      build: z.string(),
      runs: count,
      withoutFigure: count.describe('of these, without a figure'),
      mean: orNull.describe('over the runs with a figure'),
      within: z
        .strictObject({ low: z.number(), high: orNull.describe('null: not reached') })
        .nullable()
        .describe('95 %, within the one run; null: several runs, or no such interval'),
    }),
  ),
  differences: z.array(differenceSchema).describe('each build but the reference'),
});

export const buildsSchema = z.strictObject({
  reference: z.string().describe('the build that the others are compared with: the first one'),
  builds: z.array(
    z.strictObject({
      name: z.string(),
      runs: count.describe('whose figures are shown'),
      pass: count,
      fail: count,
      basis: z
        .enum(BASES)
        .nullable()
        .describe(
          'pairs: paired t over common crowds; runs: Welch over all; within-run: too few runs for either, ' +
            'intervals within each run are held against each other; null: the reference',
        ),
    }),
  ),
  notAlike: z.array(z.string()).describe('why the runs are not like for like; empty: they are'),
  leftOut: z.array(z.strictObject({ run: z.string(), reason: z.string() })),
  confidence: z.strictObject({
    familyWise: z.number().describe('of all intervals across nights together'),
    intervals: count,
    each: z.number().describe('1 - (1 - familyWise) / intervals (Bonferroni)'),
  }),
  measures: z.array(measureSchema),
  choice: z.array(z.string()).describe('what to choose and what it costs, or that the runs do not say'),
});

/** What was found of builds that were laid side by side. */
export type BuildsCompared = z.infer<typeof buildsSchema>;
export type BuildMeasure = BuildsCompared['measures'][number];
export type BuildDifference = BuildMeasure['differences'][number];
export type Basis = (typeof BASES)[number];
