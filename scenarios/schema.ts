/**
 * What happens: the shape of a night, as data. A night is authored in TypeScript (`scenarios/library`) or
 * loaded from JSON, and goes through this one schema either way: unknown keys are refused by name and every
 * problem is listed at once with its path.
 */
import { z } from 'zod';

const ms = z.number().min(0).max(86_400_000);
const positiveMs = z.number().positive().max(86_400_000);
const share = z.number().min(0).max(1);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected a-z, 0-9 and -, at most 64 characters');

/** How arrivals are spread over `overMs` from their moment. Every density is truncated there and normalised. */
const arrivalModelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('even').describe('evenly, jittered within each step') }),
  z.strictObject({
    kind: z.literal('bass').describe('Bass diffusion (M3): innovators p, imitators q'),
    innovatorsPerSecond: z.number().positive(),
    imitatorsPerSecond: z.number().min(0),
  }),
  z.strictObject({
    kind: z.literal('seismic').describe('memory kernel of resharing (M1): flat for 300 s, then a power law'),
    compression: z.number().min(1).describe('seconds of the real night in one second of this one'),
  }),
  z.strictObject({
    kind: z.literal('trace').describe('arrivals that were recorded: a CSV or Parquet file'),
    file: z.string().min(1).describe('path; from the folder of the night that names it'),
    quantilesMs: z
      .array(ms)
      .max(4097)
      .default([])
      .describe('read from the file: ms by which equal shares of its people had come, from 0 to all'),
  }),
]);
export type ArrivalModel = z.infer<typeof arrivalModelSchema>;

/** Shares of the bodies; they sum to 1. */
export const bodySharesSchema = z
  .strictObject({
    signal: share.default(0),
    webrtc: share.default(0),
    rtp: share.default(0),
    k6: share.default(0),
    browser: share
      .optional()
      .describe('absent: 0. Each is a page of a real browser, so for crowds of a few dozen only'),
  })
  .refine(
    ({ signal, webrtc, rtp, k6, browser = 0 }) => Math.abs(signal + webrtc + rtp + k6 + browser - 1) < 1e-9,
    'expected shares that sum to 1',
  );
export type BodyShares = z.infer<typeof bodySharesSchema>;

/** Where people came from. */
export const ORIGINS = ['inside', 'twitter', 'followers'] as const;
const originSchema = z.enum(ORIGINS);
export type Origin = z.infer<typeof originSchema>;

const objectiveSchema = z.strictObject({
  id,
  title: z.string().min(1),
  measure: z
    .string()
    .min(1)
    .describe('dotted path of a measure in the summary, for example ejections.stranded'),
  op: z.enum(['<=', '>=']),
  limit: z.number(),
  unit: z.enum(['share', 'people', 'ms']),
});
export type Objective = z.infer<typeof objectiveSchema>;

export const scenarioSchema = z
  .strictObject({
    schema: z.literal('roomrush/scenario@1'),
    id,
    title: z.string().min(1),
    story: z.string().min(1).describe('what happened, in a few sentences'),
    rooms: z.strictObject({
      main: z.strictObject({ room: id, title: z.string().min(1), seats: z.int().min(1).max(1_000_000) }),
      overflow: z.strictObject({ seats: z.int().min(1).max(1_000_000), roomsMax: z.int().min(0).max(100) }),
      parallel: z
        .strictObject({ seats: z.int().min(1).max(1_000_000), roomsMax: z.int().min(0).max(1000) })
        .default({ seats: 1000, roomsMax: 0 })
        .describe('unofficial rooms that listeners open themselves; roomsMax 0: they may not'),
    }),
    phases: z
      .strictObject({
        rampMs: ms.describe('the incumbents take their seats, calmly'),
        baselineMs: ms.min(1000).describe('the quiet window that the surge is compared with'),
        surgeMs: positiveMs.describe('planned arrivals of all waves'),
        tailMs: ms.describe('no more arrivals; do people get in, do they come back?'),
        leavingMs: ms.describe('the talk is over and people leave'),
      })
      .describe('one after the other, from 0'),
    moments: z
      .array(
        z.strictObject({
          id,
          afterSurgeStartMs: z.number().describe('from the start of the surge; negative: before it'),
          title: z.string().min(1),
          action: z
            .enum(['restart-room', 'drop-rooms'])
            .nullable()
            .default(null)
            .describe(
              'what the server does then. restart-room: everybody in the main room is out at once and may come back; ' +
                'drop-rooms: the same in every room, and overflow and parallel rooms are closed',
            ),
        }),
      )
      .min(1),
    incumbents: z.strictObject({
      count: z.int().min(0).max(1_000_000),
      model: arrivalModelSchema,
      speakers: z
        .int()
        .min(0)
        .max(1000)
        .default(0)
        .describe('so many of them speak: a policy with priority lets them in before anybody else'),
    }),
    waves: z
      .array(
        z.strictObject({
          id,
          moment: id.describe('the moment that sets it off'),
          from: originSchema
            .default('inside')
            .describe(
              'where these people come from: from inside the network, over from Twitter, or after somebody whom they follow there and who invited them',
            ),
          count: z.int().min(1).max(1_000_000),
          overMs: positiveMs,
          model: arrivalModelSchema,
          hallwayMs: ms
            .default(0)
            .describe(
              'these people wait in the hallway beforehand: they come there evenly over so long before the moment; 0: they do not',
            ),
        }),
      )
      .min(1),
    bodies: z.strictObject({ incumbents: bodySharesSchema, arrivals: bodySharesSchema }),
    crowd: z.strictObject({
      startPatience: z
        .strictObject({ graceMs: ms, leavePerSecond: share })
        .describe(
          'a try that nobody answers: nobody hangs up for graceMs, then this share of those left each second (M4)',
        ),
      queuePatienceMeanMs: positiveMs.describe('in the queue with a position: exponential (M5)'),
      stayMeanMs: positiveMs.describe('in a seat: exponential'),
      silentLeaverShare: share.describe('leave without a word (M6)'),
      returnShare: share.describe('try to come back after an ejection (M8)'),
      returnLate: z
        .strictObject({ share, meanMs: positiveMs })
        .default({ share: 0, meanMs: 1 })
        .describe('of those who come back, who take their time: exponential (E1)'),
      parallel: z
        .strictObject({ openShare: share, joinShare: share })
        .default({ openShare: 0, joinShare: 0 })
        .describe(
          'people who were told "full": who opens a room of their own, who goes to one that is there',
        ),
      hand: z
        .strictObject({ share, meanMs: positiveMs })
        .default({ share: 0, meanMs: 1 })
        .describe('in a seat, who raises a hand, and how long after getting in: exponential'),
      retap: z
        .strictObject({ firstMs: ms, thenMeanMs: positiveMs, triesMax: z.int().min(1).max(1000) })
        .describe('a person whose try failed taps again: after firstMs, then at exponential intervals (M8)'),
    }),
    client: z.strictObject({
      heartbeatMs: positiveMs,
      pongTimeoutMs: positiveMs,
      joinTimeoutMs: positiveMs.describe('from dialling to the first answer'),
      mediaTimeoutMs: positiveMs.describe('from the seat to the first audio packet'),
      hallwayPollMs: positiveMs
        .default(2_000)
        .describe('who waits in the hallway looks at the list of rooms again after so long'),
    }),
    server: z.strictObject({
      heartbeatMissedMs: positiveMs,
      iceConsentMs: positiveMs,
      ticketLifeMs: positiveMs,
      seatHoldMs: positiveMs,
      presenceBatchMs: positiveMs,
      hallwayCacheMs: positiveMs,
      positionsEveryMs: positiveMs,
      pacing: z.strictObject({ seatsPerSecond: z.number().positive(), burst: z.int().min(1) }),
      listenBacklog: z.int().min(1).max(65535),
      slowClientBytesMax: z.int().min(65_536),
      frameMs: z.union([z.literal(20), z.literal(60)]),
      promotion: z
        .enum(['membership', 'transport'])
        .default('membership')
        .describe(
          'what a promotion moves: membership, as the voice is the same; or the transport too, where load must leave a worker',
        ),
      mediaWorkers: z.int().min(1).max(16).default(1).describe('processes that carry media'),
    }),
    policies: z
      .record(id, z.array(z.looseObject({ part: z.string().min(1) })).min(1))
      .default({})
      .describe(
        'admission policies of this night by name, outermost part first; parts and their parameters: docs/reference/policies.md',
      ),
    objectives: z.array(objectiveSchema).min(1),
    sources: z
      .record(
        z.string(),
        z.union([
          z.strictObject({ facts: z.array(z.string()).min(1), note: z.string().optional() }),
          z.strictObject({ assumption: z.string().min(1) }),
        ]),
      )
      .describe(
        'where each parameter comes from, by its path: rows of docs/reference/facts.md, or an assumption',
      ),
  })
  .superRefine((night, context) => {
    const moments = new Set(night.moments.map((moment) => moment.id));
    night.waves.forEach((wave, index) => {
      if (!moments.has(wave.moment)) {
        context.addIssue({
          code: 'custom',
          path: ['waves', index, 'moment'],
          message: `expected one of the night's moments (${[...moments].join(', ')}), got '${wave.moment}'`,
        });
      }
    });
    for (const [name, ids] of [
      ['moments', night.moments.map((moment) => moment.id)],
      ['waves', night.waves.map((wave) => wave.id)],
      ['objectives', night.objectives.map((objective) => objective.id)],
    ] as const) {
      const seen = new Set<string>();
      ids.forEach((one, index) => {
        if (seen.has(one))
          context.addIssue({ code: 'custom', path: [name, index, 'id'], message: `'${one}' stands twice` });
        seen.add(one);
      });
    }
  });
/** A night with every default written out. */
export type Scenario = z.infer<typeof scenarioSchema>;
/** A night as its author writes it. */
export type ScenarioInput = z.input<typeof scenarioSchema>;

/** Instants of a night, ms from its start. */
export type NightTimes = {
  readonly rampStartMs: 0;
  readonly baselineStartMs: number;
  readonly surgeStartMs: number;
  readonly surgeEndMs: number;
  readonly tailEndMs: number;
  readonly nightEndMs: number;
};

/** When each phase of a night begins and ends. */
export function nightTimes(night: Scenario): NightTimes {
  const { rampMs, baselineMs, surgeMs, tailMs, leavingMs } = night.phases;
  const surgeStartMs = rampMs + baselineMs;
  return {
    rampStartMs: 0,
    baselineStartMs: rampMs,
    surgeStartMs,
    surgeEndMs: surgeStartMs + surgeMs,
    tailEndMs: surgeStartMs + surgeMs + tailMs,
    nightEndMs: surgeStartMs + surgeMs + tailMs + leavingMs,
  };
}
