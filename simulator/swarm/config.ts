/** What a swarm process is told at its start, and what is said over the channel to the one that started it. */
import { z } from 'zod';
import { bodySharesSchema, scenarioSchema } from '../../scenarios/schema.ts';

/** What every process of the crowd is told, whatever carries its people out. */
export const crowdShape = {
  runDir: z.string().describe('folder of the run; rows go to its events/'),
  processName: z.string().regex(/^swarm-[a-z0-9]+$/),
  scenario: scenarioSchema.describe('at its size: scale and time-scale applied'),
  seed: z.int().min(0),
  browsers: z.int().min(0).describe('people of the plan who were added for browsers'),
  planDigest: z.string().describe('the crowd that the starter drew; ours must be the same'),
  bodies: z.strictObject({ incumbents: bodySharesSchema, arrivals: bodySharesSchema }),
  target: z
    .url({ protocol: /^ws$/ })
    .describe('where the server listens, for example ws://127.0.0.1:4000/signal'),
} as const;

export const swarmConfigSchema = z.strictObject({
  ...crowdShape,
  body: z.enum(['signal', 'webrtc', 'rtp']).describe('the people of this body are carried out here'),
  meterFile: z
    .string()
    .nullable()
    .describe('what counts the packets of this process; null: count in JavaScript, which rtp cannot'),
  rtpSink: z.string().nullable().describe('body rtp: the program that receives its packets'),
  nap: z.boolean().describe('may sleep under load; never with webrtc, whose handshakes run in this process'),
  cuts: z
    .array(z.strictObject({ atMs: z.number().min(0), share: z.number().min(0).max(1) }))
    .describe('faults: this share of those seated is cut off by a reset'),
});
export type SwarmConfig = z.infer<typeof swarmConfigSchema>;

/** From the starter. */
export const orderSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('start'), nightStartNs: z.string().regex(/^\d+$/) }),
  z.strictObject({ type: z.literal('stop') }),
]);

/** To the starter. */
export type SwarmReport =
  | { readonly type: 'ready'; readonly people: number }
  | { readonly type: 'tick' | 'done'; readonly counters: SwarmCounters }
  /** It cannot go on, and ends. */
  | { readonly type: 'error'; readonly code: string; readonly message: string; readonly hint: string };

/** Provisional: the figures of a run are queries over its log. What else there is, is a tally's (`listener/tally.ts`). */
export type SwarmCounters = NamedCounters & Readonly<Record<string, number>>;

/** What every process of the crowd tells. */
export type NamedCounters = {
  readonly arrived: number;
  /** Of arrived: set out more than LATE_ARRIVAL_MS after their instant. */
  readonly late: number;
  readonly dialing: number;
  readonly waiting: number;
  readonly pausing: number;
  readonly in: number;
  /** Ever in. */
  readonly joined: number;
  readonly attempts: number;
  readonly ejected: number;
  readonly gaveUp: number;
  readonly left: number;
};
