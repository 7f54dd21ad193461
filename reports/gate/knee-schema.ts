/** The knee in `gate.json`: the search on the base's server, and the nights of both sides at one level below its knee. */
import { z } from 'zod';
import { capacityProbeSchema, capacityResultSchema } from '../capacity/schema.ts';

const count = z.int().min(0);
const scale = z.number().positive();

const kneeNightSchema = z.strictObject({
  side: z.enum(['base', 'candidate']),
  probe: capacityProbeSchema,
});
/** A night at the level, of either side. */
export type KneeNight = z.infer<typeof kneeNightSchema>;

const kneeSearchSchema = z.strictObject({
  start: scale,
  scaleMin: scale,
  scaleMax: scale,
  resolution: z.number().gt(1),
  minutes: z.number().positive().describe('for the search; the nights at the level come on top'),
  finished: z.boolean().describe('false: it was interrupted'),
  result: capacityResultSchema,
  probes: z.array(capacityProbeSchema),
});
/** How the base's knee was looked for, and what was found. */
export type KneeSearched = z.infer<typeof kneeSearchSchema>;

const affectedSchema = z.strictObject({
  runs: count.describe('nights that count'),
  affected: count.describe('of these, those that failed'),
});

export const kneeSchema = z.strictObject({
  status: z
    .enum(['judged', 'void', 'unfinished', 'not-played'])
    .describe(
      'judged; void: it cannot be, and so the gate is void; unfinished: interrupted; not-played: the surges had said all',
    ),
  reason: z.string().nullable().describe('why it is not judged'),
  toleratedRatio: z.number().gt(0).lt(1).describe('a knee may be so many times the one of the base'),
  search: kneeSearchSchema.nullable().describe('of the base; null: not begun'),
  level: z
    .strictObject({
      scale: scale.describe('toleratedRatio times the largest scale that the base held'),
      arrivalsPerSecond: count
        .nullable()
        .describe('the least of what was planned in the fullest second; null: no night was played'),
    })
    .nullable()
    .describe('at which both sides were played; null: the base has no knee'),
  base: affectedSchema,
  candidate: affectedSchema,
  p: z.number().nullable().describe("one-sided, by Fisher's exact test"),
  alpha: z.number().describe('error rate of this test: a part of that of the whole gate'),
  smallestRateSeen: z
    .number()
    .nullable()
    .describe(
      'smallest share of failing nights of the candidate that would have been found; null: none would',
    ),
  significant: z.boolean(),
  nights: z.array(kneeNightSchema).describe('at the level, in the order of play, void ones among them'),
});
export type GateKnee = z.infer<typeof kneeSchema>;
