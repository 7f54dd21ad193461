/** `capacity.json`: the knee of a night on one or several builds, and every probe that says so. */
import { z } from 'zod';
import { bodySharesSchema } from '../../scenarios/schema.ts';
import { runRecordSchema } from '../store/run-record.ts';
import { OUTCOMES } from './search.ts';

const count = z.int().min(0);
const scale = z.number().positive();
const share = z.number().min(0).describe('of one core');

const evidenceSchema = z
  .strictObject({
    serverShare: share.describe(
      'of its core by the server: mean of the three busiest seconds from the surge on',
    ),
    workerShare: share.describe('of the same core by the media worker, in the same seconds'),
    swarmShare: share.describe("of the generator's core by the crowd: mean of its three busiest seconds"),
    stallMsMax: z.number().min(0).describe("longest time without a turn of the server's event loop"),
    rssBytesMax: z.number().min(0).describe('server and media worker together'),
    memoryBytes: z.number().positive().describe('of the machine'),
    listenOverflows: count.describe('connections that the kernel turned away: the backlog was full'),
    openFileErrors: count.describe("EMFILE in the server's log"),
    serverEnded: z.boolean().describe("the server's process ended before the night did"),
  })
  .describe('what may have been scarce');

export const capacityProbeSchema = z.strictObject({
  scale,
  seed: count,
  outcome: z
    .enum(OUTCOMES)
    .describe('held, failed: judged; generator: void by its own limit; void: by anything else'),
  people: count.describe('the crowd: all who were planned'),
  arrivalsPerSecond: count.describe("planned arrivals in the surge's fullest second"),
  seatedMax: count.describe('most people in a seat at a full second of the night, by their own states'),
  failed: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      measured: z.number().nullable(),
      op: z.enum(['<=', '>=']),
      limit: z.number(),
      unit: z.enum(['share', 'people', 'ms']),
      reason: z.string().nullable(),
    }),
  ),
  objectives: count.describe('how many were judged'),
  reasons: z.array(z.string()).describe("the verdict's"),
  evidence: evidenceSchema,
  tookMs: z.number().min(0).describe('from its start until it was measured'),
});
/** One night at one scale, measured. */
export type CapacityProbe = z.infer<typeof capacityProbeSchema>;

const rangeSchema = z.strictObject({ low: z.number().nullable(), high: z.number().nullable() });
export type SearchRange = z.infer<typeof rangeSchema>;

const limitSchema = z.strictObject({
  resource: z
    .enum(['event-loop', 'worker', 'memory', 'sockets', 'server-ended', 'pace'])
    .describe('pace: nothing was scarce, and the admission kept people waiting by itself'),
  sentence: z.string(),
  objectives: z.array(z.string()).describe('which failed'),
  evidence: evidenceSchema.describe('shares: means over the failing probes; else the worst of them'),
});
/** What gave in, from the failing probes at the smallest failing scale. */
export type CapacityLimit = z.infer<typeof limitSchema>;

/** What a search found. */
export const capacityResultSchema = z.strictObject({
  kind: z
    .enum(['knee', 'generator', 'beyond', 'below', 'void', 'unfinished'])
    .describe(
      'knee: found; generator: it gave in first; beyond: the largest scale allowed holds; below: the smallest fails; ' +
        'void: too many probes were; unfinished: out of time, or interrupted',
    ),
  isNarrow: z.boolean().describe('the failing scale is within the resolution of the holding one'),
  held: z
    .strictObject({
      scale,
      confirmed: z.boolean().describe('by three probes, most of which held'),
      probes: count.describe('that were judged'),
      heldProbes: count,
      arrivalsPerSecond: count.describe('the least of the probes that held, as the next two'),
      people: count,
      seatedMax: count,
    })
    .nullable()
    .describe('the largest scale that holds: the knee, where kind is knee'),
  gaveIn: z
    .strictObject({ scale, who: z.enum(['server', 'generator']), arrivalsPerSecond: count })
    .nullable()
    .describe('the smallest scale above it that does not'),
  interval: rangeSchema.describe(
    'scales: the largest at and below which every probe held, the smallest at and above which every one failed',
  ),
  limit: limitSchema.nullable(),
});
export type CapacityResult = z.infer<typeof capacityResultSchema>;

const capacitySettingsSchema = z.strictObject({
  night: z.string().min(1).describe('name or path'),
  profiles: z.array(z.string()).min(1),
  policy: z.string().nullable(),
  features: z.array(z.string()),
  bodies: bodySharesSchema.nullable(),
  seed: count.describe("of each level's first probe; its next ones have the seeds that follow"),
  start: scale,
  scaleMin: scale,
  scaleMax: scale,
  resolution: z.number().gt(1),
  minutes: z.number().positive().describe('for all profiles together'),
  grow: z
    .enum(['surge', 'night'])
    .describe('what the scale multiplies: the people who come, or those inside, seats, rooms and pace too'),
  wholeNight: z.boolean().describe('false: the quiet parts of the night are shortened'),
  keepRuns: z.boolean(),
});
export type CapacitySettings = z.infer<typeof capacitySettingsSchema>;

export const capacitySchema = z.strictObject({
  schema: z.literal('roomrush/capacity@1'),
  night: z.strictObject({ id: z.string(), title: z.string() }),
  startedAt: z.string(),
  machine: runRecordSchema.shape.machine,
  versions: runRecordSchema.shape.versions,
  settings: capacitySettingsSchema,
  finished: z.boolean().describe('false: it was interrupted, and can be gone on with'),
  searches: z.array(
    z.strictObject({
      profile: z.string(),
      policy: z.string(),
      result: capacityResultSchema,
      probes: z.array(capacityProbeSchema),
    }),
  ),
  ratio: z
    .strictObject({ profile: z.string(), to: z.string(), value: z.number(), ...rangeSchema.shape })
    .nullable()
    .describe('of the scales of the first two knees; null: there are no two'),
});
/** Everything that a capacity search found. */
export type CapacityFile = z.infer<typeof capacitySchema>;

/** The published schema of `capacity.json`. */
export function capacityJsonSchema(): object {
  return z.toJSONSchema(capacitySchema, { target: 'draft-2020-12' });
}
