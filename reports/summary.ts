/** `summary.json`: what a run came to, for machines. Published as JSON Schema in docs/reference. */
import { z } from 'zod';
import { bodySharesSchema } from '../scenarios/schema.ts';
import { runRecordSchema } from './store/run-record.ts';

const people = z.int().min(0);
const share = z.number().min(0).max(1);
const ms = z.number();
const orNull = <Kind extends z.ZodType>(kind: Kind, why: string) => kind.nullable().describe(`null: ${why}`);

const quantiles = z.strictObject({
  count: people,
  p50: orNull(ms, 'not reached, or nobody'),
  p90: orNull(ms, 'not reached, or nobody'),
  p99: orNull(ms, 'not reached, or nobody'),
});

const objectiveResult = z.strictObject({
  id: z.string(),
  title: z.string(),
  measure: z.string(),
  measured: orNull(z.number(), 'there was nothing to measure it on'),
  op: z.enum(['<=', '>=']),
  limit: z.number(),
  unit: z.string(),
  samples: z.int().min(0).describe('people or events that the measured value stands on'),
  pass: z.boolean().nullable().describe('null: not judged, the reason is in note'),
  note: z.string().nullable(),
});
export type ObjectiveResult = z.infer<typeof objectiveResult>;

const cost = z.strictObject({
  cpuSeconds: orNull(z.number(), 'not seen from here'),
  cpuShareMax: orNull(z.number(), 'not seen from here'),
  stallMsMax: orNull(ms, 'not seen from here'),
  rssBytesMax: orNull(z.number(), 'not seen from here'),
  bytes: orNull(z.number(), 'not seen from here'),
  messages: orNull(z.number(), 'not seen from here'),
});

export const summarySchema = z.strictObject({
  schema: z.literal('roomrush/summary@1'),
  run: z.strictObject({
    id: z.string(),
    scenario: z.string(),
    seed: z.int(),
    scale: z.number(),
    timeScale: z.number(),
    planDigest: z.string(),
    profile: z.string(),
    policy: z.string(),
    features: z.record(z.string(), z.string()),
    bodies: z.strictObject({ incumbents: bodySharesSchema, arrivals: bodySharesSchema }),
    target: z.string().nullable(),
    durationMs: ms.describe('from the night to the last row'),
    machine: runRecordSchema.shape.machine,
    versions: z.record(z.string(), z.string()),
    partial: z.boolean().describe('the night did not reach its end'),
    interrupted: z.string().nullable().describe('why it was stopped'),
  }),
  crowd: z
    .strictObject({
      planned: people,
      incumbents: people.describe('in before the surge'),
      arrived: people.describe('set out; = joined + gaveUp + refused + waitingAtEnd + lost'),
      joined: people.describe('were in at least once'),
      gaveUp: people.describe('ran out of patience or tries outside'),
      refused: people.describe('used up their tries, the last answer was full'),
      waitingAtEnd: people.describe('still outside and trying when the night ended'),
      lost: people.describe('unaccounted for'),
      neverIn: people.describe('= arrived - joined'),
      neverInShare: orNull(share, 'nobody arrived'),
      arrivedInSurge: people,
      answeredWithin2sShare: orNull(share, 'nobody arrived in the surge'),
    })
    .describe('people'),
  joinLatencyMs: z.record(
    z.string(),
    z.strictObject({
      count: people.describe('everybody who meant to come in the surge with this body'),
      p50: orNull(ms, 'not reached'),
      p90: orNull(ms, 'not reached'),
      p99: orNull(ms, 'not reached'),
      notReached: z
        .boolean()
        .describe('true: at least one of the quantiles was not reached, as too many never got in'),
      ofJoined: quantiles.describe('over the survivors alone'),
      phases: z.record(z.string(), quantiles),
    }),
  ),
  joinCurve: z.record(z.string(), z.array(z.strictObject({ s: z.number(), share }))),
  ejections: z.strictObject({
    involuntary: people.describe('losses of a seat'),
    involuntaryShare: orNull(z.number(), 'nobody was in').describe('people with at least one, over joined'),
    byCause: z.record(z.string(), people),
    returned: people.describe('losses that were followed by being in again'),
    stranded: people.describe('people who tried to come back and could not'),
    returnMs: orNull(ms, 'nobody returned').describe('median'),
    rejoinAttempts: people,
  }),
  overflow: z.strictObject({
    roomsOpened: people,
    openedAtMs: orNull(ms, 'none opened').describe('from the night'),
    seatedMax: people,
    seatedWithMedia: people,
    relayLagMs: z.strictObject({
      p50: orNull(ms, 'no samples'),
      p99: orNull(ms, 'no samples'),
      samples: people,
    }),
    promoted: people,
    promotionGapMs: z.strictObject({
      p99: orNull(ms, 'no samples'),
      max: orNull(ms, 'no samples'),
      samples: people,
    }),
  }),
  hearing: z
    .record(z.string(), z.strictObject({ people, hear95: people, lossShare: orNull(share, 'nobody') }))
    .describe(
      "listeners with media by the room of their first seat: how many received 95 % of the host's packets",
    ),
  incumbents: z.strictObject({
    count: people,
    counted: people.describe('those whose packets are counted'),
    lossShareBefore: orNull(share, 'nobody was counted'),
    lossShareSurge: orNull(share, 'nobody was counted'),
    longestGapBeforeMs: orNull(ms, 'nobody was counted'),
    longestGapMs: orNull(ms, 'nobody was counted').describe('in the surge'),
  }),
  admission: z.strictObject({
    overAdmitted: orNull(people, "the server's side is not seen"),
    fifoInversions: orNull(people, "the server's side is not seen"),
    etaErrorMs: orNull(ms, 'not measured by this version'),
    leakedSeats: orNull(people, "the server's side is not seen"),
    ghostSeats: orNull(people, "the server's side is not seen"),
    replayedTickets: orNull(people, "the server's side is not seen").describe(
      'seats that two people had at once',
    ),
    ticketsRefused: orNull(people, "the server's side is not seen"),
    seatsFilledShare: orNull(share, "the server's side is not seen, or the tail was not reached"),
  }),
  server: cost.extend({
    worker: cost.describe('the media worker'),
    deliveries: orNull(people, 'not seen from here').describe('presence frames sent'),
    unansweredProbes: people,
  }),
  generator: cost.extend({
    slipMs: z.strictObject({ p99: orNull(ms, 'nobody set out'), max: orNull(ms, 'nobody set out') }),
    napMsMax: orNull(ms, 'no naps').describe('bound on the lateness of a signal'),
    foreignCpuShare: orNull(z.number(), 'not Linux'),
    busySeconds: people.describe("seconds of the surge in which the swarm's core was over 90 % busy"),
    trouble: z.record(z.string(), people),
    byProcess: z.record(z.string(), cost),
  }),
  verdict: z.strictObject({
    result: z.enum(['pass', 'fail', 'void']),
    reasons: z.array(z.string()),
    objectives: z.array(objectiveResult),
  }),
});
export type Summary = z.infer<typeof summarySchema>;
/** A summary before it is judged. */
export type Measured = Omit<Summary, 'verdict'>;

/** The schema of summary.json for readers in other languages. */
export function summaryJsonSchema(): object {
  return z.toJSONSchema(summarySchema);
}
