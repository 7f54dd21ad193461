/** Everything that a server process is told at its start: one JSON file, one schema, written by the rehearsal. */
import { z } from 'zod';
import { policyParametersSchema } from './admission/parts.ts';
import { featuresSchema } from './profiles/features.ts';

export const serverConfigSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('address to bind; anything but loopback must be asked for'),
  port: z.int().min(0).max(65535).default(0).describe('0: a free one'),
  rtcPort: z
    .int()
    .min(0)
    .max(65535)
    .default(0)
    .describe('the UDP port of the first media worker; 0: a free one'),
  listenBacklog: z.int().min(1).max(65535).default(4096),
  profile: z.string(),
  features: featuresSchema,
  policyParameters: policyParametersSchema
    .default({})
    .describe('what the admission policy sets itself, by part; the rest is below'),
  mainRoom: z.strictObject({ room: z.string(), title: z.string(), seats: z.int().min(1) }),
  speakers: z
    .array(z.int().min(0))
    .default([])
    .describe('who speaks, by person: a policy with priority lets them in before anybody else'),
  overflow: z.strictObject({
    seats: z.int().min(1),
    roomsMax: z.int().min(0),
    closeAfterMs: z
      .number()
      .positive()
      .default(5_000)
      .describe('an overflow room closes when it was empty and the main room had a free seat for so long'),
  }),
  parallel: z
    .strictObject({ seats: z.int().min(1), roomsMax: z.int().min(0) })
    .default({ seats: 1_000, roomsMax: 0 })
    .describe('rooms that listeners open themselves; roomsMax 0: they may not'),
  pacing: z.strictObject({ seatsPerSecond: z.number().positive(), burst: z.int().min(1) }),
  timers: z.strictObject({
    heartbeatMissedMs: z
      .number()
      .positive()
      .describe('a listener who sent nothing for so long is thrown out'),
    iceConsentMs: z
      .number()
      .positive()
      .describe('media transport without ICE consent for so long: media-lost'),
    ticketLifeMs: z.number().positive().describe('how long a place in the queue outlives its connection'),
    ticketKeyMs: z
      .number()
      .positive()
      .max(2 ** 31 - 1)
      .default(12 * 3_600_000)
      .describe('a new key signs tickets after so long; a ticket outlives one change of key'),
    seatHoldMs: z.number().positive().describe('how long the seat of an ejected listener is kept'),
    presenceBatchMs: z.number().positive(),
    hallwayCacheMs: z.number().positive(),
    positionsEveryMs: z.number().positive().describe('how often people in the queue hear of their position'),
  }),
  limits: z.strictObject({
    frameBytesMax: z
      .int()
      .positive()
      .default(16_384)
      .describe('a larger frame from a listener closes its connection'),
    slowClientBytesMax: z
      .int()
      .positive()
      .default(1_048_576)
      .describe('unsent bytes at which a client is dropped as slow'),
    connectionsMax: z.int().positive().default(20_000),
    queueMax: z.int().positive().default(100_000),
  }),
  media: z.strictObject({
    enabled: z.boolean(),
    frameMs: z.union([z.literal(20), z.literal(60)]).default(60),
    workers: z
      .int()
      .min(1)
      .max(16)
      .default(1)
      .describe('processes that carry media; rooms are spread over them'),
    promotion: z
      .enum(['membership', 'transport'])
      .default('membership')
      .describe(
        'what a promotion moves: membership: the voice is the same and its transport stays; transport: that moves too, make before break',
      ),
    workerBin: z.string().nullable().default(null).describe('null: where mediasoup itself looks'),
  }),
  seed: z.int().min(0).describe("seed of the server's own draws"),
  runDir: z.string().describe('folder of the run: events/, ticket keys and seat journal'),
  processName: z.string().default('server'),
});
export type ServerConfig = z.infer<typeof serverConfigSchema>;
