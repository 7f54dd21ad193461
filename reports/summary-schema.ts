/**
 * `summary.json`: what a run found, for machines. Published as JSON Schema in `docs/reference`; the definitions of its
 * numbers are in `docs/reference/measures.md`. `null` means that there is nothing to measure it by.
 */
import { z } from 'zod';
import { ORIGINS } from '../scenarios/schema.ts';
import { EJECTION_CAUSES } from '../server/protocol/messages.ts';
import { cpuByModuleSchema, profilerSchema } from './profile-schema.ts';
import { runRecordSchema } from './store/run-record.ts';

const people = z.int().min(0);
const share = z.number();
const orNull = z.number().nullable();

const quantiles = z.strictObject({
  p50: orNull.describe('median, ms'),
  p90: orNull.describe('90 of 100 were this fast or faster, ms'),
  p99: orNull.describe('99 of 100 were this fast or faster, ms'),
});
const sampledQuantiles = quantiles.extend({ samples: people });
/** First of each counted listener, then over them: a mean hides the few who hear nothing. */
const overListeners = z.strictObject({
  p50: orNull.describe('half of the listeners had this or less; null: nobody was counted'),
  p99: orNull.describe('99 of 100 listeners had this or less'),
  worst: orNull.describe('the listener with the most'),
});
const record = runRecordSchema.shape;

const originFiguresSchema = z.strictObject({
  arrived: people.describe('set out'),
  joined: people.describe('got in at least once'),
  neverIn: people.describe('arrived - joined'),
  ejectedPeople: people.describe('lost a seat without wanting to'),
  stranded: people.describe('of these, tried to come back and could not'),
  handsRaised: people.describe('raised a hand'),
  joinP50Ms: orNull.describe('median of the join latency over its arrivals of the surge, headline body; ms'),
  joinNotReached: z.boolean().describe('true: so many never got in that the median falls among them'),
});
const strandedPersonSchema = z.strictObject({
  personId: people,
  name: z.string().nullable().describe('null: in no plan'),
  origin: z.enum(ORIGINS).nullable(),
  lostAtMs: z.number().describe('first loss of a seat, from the start of the night'),
  cause: z.string().nullable().describe('of the last loss'),
  tries: people.describe('dialled or asked, after the first loss'),
  end: z
    .enum(['gave-up', 'left', 'at-end'])
    .nullable()
    .describe('how their night ended; null: the log does not say'),
  endCause: z.string().nullable(),
  endAtMs: orNull,
});
/** One person who tried to come back and could not. */
export type StrandedPerson = z.infer<typeof strandedPersonSchema>;

const joinLatencySchema = z.strictObject({
  count: people.describe('arrivals of the surge with this body'),
  joined: people.describe('of these, who ever got in'),
  p50: orNull.describe('over all arrivals, ms; null: not reached'),
  p90: orNull.describe('over all arrivals, ms; null: not reached'),
  p99: orNull.describe('over all arrivals, ms; null: not reached'),
  notReached: z
    .strictObject({ p50: z.boolean(), p90: z.boolean(), p99: z.boolean() })
    .describe('true: so many never got in that the quantile falls among them'),
  ofJoined: quantiles.describe('over survivors only; never judged'),
  phases: z.record(z.string(), sampledQuantiles).describe('of the try that got in, ms'),
});

/** When people were to come; as `came` in reports/measures/base/10-people.sql. */
export const COHORTS = ['before', 'surge', 'after'] as const;
const joinCohortSchema = joinLatencySchema
  .omit({ ofJoined: true })
  .extend({ count: people.describe('arrivals of the cohort with this body') });

const byProcess = z.strictObject({ server: orNull, worker: orNull });
const perThousandSchema = z
  .strictObject({
    inBefore: orNull.describe('people in, on the mean of the baseline'),
    inAfter: orNull.describe('people in, on the mean of the steady end: measured between these two'),
    added: z
      .strictObject({ signal: orNull, webrtc: orNull, rtp: orNull, k6: orNull, browser: orNull })
      .describe('shares of the bodies among those that are more'),
    withMediaShare: orNull.describe('of these, who receive audio'),
    cores: z.strictObject({ signalling: orNull, media: orNull }),
    memoryBytes: z.strictObject({ signalling: orNull, media: orNull }),
    egressMbit: z
      .strictObject({ signalling: orNull, media: orNull })
      .describe('Mbit/s that the server sends'),
    withMedia: z
      .strictObject({ mediaCores: orNull, mediaMemoryBytes: orNull, mediaEgressMbit: orNull })
      .describe('of the media worker, for 1,000 who all receive audio; null: fewer than 1 in 100 do'),
  })
  .describe('what 1,000 more listeners in the room take; null: the night cannot tell');
const unitCostsSchema = z.strictObject({
  joins: people
    .nullable()
    .describe('times that somebody got in, from the surge on, until the steady end of the talk'),
  cpuMsPerJoin: byProcess.describe('CPU of one join, without what follows it'),
  cpuMsPerListenerMinute: byProcess.describe('CPU of one listener in the room for a minute'),
  memoryBytesPerListener: byProcess.describe('growth of memory over growth of people inside'),
  bytesPerJoin: orNull.describe('signalling, both directions, presence included'),
  messagesPerJoin: orNull.describe('signalling, both directions, presence included'),
  perThousand: perThousandSchema,
});

const intervalSchema = z.strictObject({
  low: z.number(),
  high: orNull.describe('null: so many never got in that no upper end can be named'),
  highNotReached: z.boolean(),
  level: z.literal(0.95),
  scope: z.literal('within this run').describe('blocks of its seconds resampled; other runs are not in it'),
});
const brokenBySchema = z
  .strictObject({
    what: z
      .string()
      .nullable()
      .describe('what the value of each is; null: the measure is about nobody in particular'),
    unit: z.enum(['ms', 'share', 'count']).nullable(),
    count: people.describe('all whom the measure counts against the objective'),
    listeners: z
      .array(
        z.strictObject({
          personId: people,
          name: z.string().nullable().describe('null: in no plan'),
          value: orNull.describe('null: never'),
        }),
      )
      .max(10)
      .describe('the worst first'),
  })
  .describe('also where it holds: a limit may allow some');

const objectiveResultSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  measure: z.string().describe('dotted path in this summary'),
  op: z.enum(['<=', '>=']),
  limit: z.number(),
  unit: z.enum(['share', 'people', 'ms']),
  measured: orNull,
  samples: people.describe('how many people or samples the measure is about'),
  interval: intervalSchema.nullable().describe('of the measured value, 95 %'),
  intervalReason: z.string().nullable().describe('why there is no interval'),
  brokenBy: brokenBySchema,
  pass: z.boolean().nullable().describe('null: it cannot be judged in this run; the reason says why'),
  reason: z.string().nullable().describe('why it failed without a figure, or cannot be judged'),
});
export type ObjectiveResult = z.infer<typeof objectiveResultSchema>;

const oracleFindingSchema = z.strictObject({
  name: z.string(),
  title: z.string().describe('what should be so'),
  violations: people.describe('how often it was not; 0 too where it could not be checked'),
  worst: orNull.describe('the worst of them; null: not checked, or nothing to measure it by'),
  worstUnit: z.enum(['seats', 'people', 'times', 's', 'ms']),
  detail: z.string().describe('one sentence'),
  toleranceMs: orNull.describe('what is shorter is no violation; null: the check has no tolerance in ms'),
  applicable: z.boolean().describe('false: this run has nothing to check it by'),
  reason: z.string().nullable().describe('why not'),
});
/** What one check of the admission control found. */
export type OracleFinding = z.infer<typeof oracleFindingSchema>;

export const summarySchema = z.strictObject({
  schema: z.literal('roomrush/summary@1'),
  run: z.strictObject({
    id: record.id,
    scenario: record.scenario,
    title: z.string().describe("the night's title"),
    seed: record.seed,
    scale: record.scale,
    timeScale: record.timeScale,
    planDigest: record.planDigest,
    profile: record.profile,
    policy: record.policy,
    features: record.features,
    bodies: record.bodies,
    target: record.target,
    durationMs: z.number().describe('length of the measured night'),
    machine: record.machine,
    versions: record.versions,
    startedAt: record.startedAt,
    faults: record.faults.unwrap().describe('injected on purpose'),
    profiler: profilerSchema
      .nullable()
      .default(null)
      .describe('what the server was profiled with, which costs CPU itself; null: nothing'),
    partial: z.boolean().describe('the run was stopped or killed, or a side of the log is missing'),
  }),
  crowd: z
    .strictObject({
      planned: people.describe('people in the plan'),
      incumbents: people.describe('planned to be seated before the surge'),
      arrived: people.describe('set out'),
      joined: people.describe('got in at least once'),
      gaveUp: people.describe('never in, stopped of their own will'),
      refused: people.describe('never in, stopped after a last "full"'),
      waitingAtEnd: people.describe('never in, still trying, queueing or joining at the end'),
      lost: people.describe('never in, and the log does not say why'),
      neverIn: people.describe('arrived - joined'),
      neverInShare: share.describe('neverIn / arrived; 0 when nobody arrived'),
      surgeArrivals: people.describe('arrived in the surge or after it'),
      answeredWithin2sShare: orNull.describe(
        'of surgeArrivals: seat, position or time to retry within 2 s of the planned arrival; null: nobody arrived',
      ),
    })
    .describe('arrived = joined + gaveUp + refused + waitingAtEnd + lost'),
  joinLatencyMs: z
    .record(z.string(), joinLatencySchema)
    .describe('by body; the headline is webrtc when there are any'),
  joinByCohort: z
    .record(z.enum(COHORTS), z.record(z.string(), joinCohortSchema))
    .describe('by when people were to come, and by body: before the surge, in it, after its end'),
  ejections: z.strictObject({
    involuntary: people.describe('losses of a seat without wanting to; one person may have several'),
    people: people.describe('people with at least one'),
    involuntaryShare: orNull.describe('people / crowd.joined; null: nobody joined'),
    byCause: z.record(z.enum(EJECTION_CAUSES), people).describe('each loss once'),
    bySide: z
      .strictObject({ listener: people, server: people })
      .describe('who saw it: the listener, or only the server'),
    returned: people.describe('in again after their last loss'),
    stranded: people.describe('tried to come back and could not'),
    didNotTry: people.describe('did not try to come back'),
    returnMs: sampledQuantiles.describe('from the loss to being in again, over those who returned'),
    rejoinAttempts: people.describe('tries after a loss'),
    stormIndex: orNull.describe('rejoinAttempts / involuntary; null: nobody was thrown out'),
    suffered: z
      .strictObject({ p99: orNull, worst: orNull })
      .describe('losses of one listener, over all who were ever in; null: nobody was'),
  }),
  origins: z
    .record(z.enum(ORIGINS), originFiguresSchema)
    .describe('by where people came from; whoever is in no plan is in none of them'),
  strandedPeople: z
    .array(strandedPersonSchema)
    .max(10)
    .describe('some of ejections.stranded: the earliest of each origin in turn'),
  overflow: z.strictObject({
    roomsOpened: people.nullable().describe('null: the server wrote no rows'),
    openedAtMs: orNull.describe('first one, from the start of the night'),
    openMs: orNull.describe(
      'from the first ask of the full main room to the first one; null: no such ask, or none',
    ),
    fillMs: orNull.describe(
      'from the opening of the first one until 95 % of its seats were taken; null: never',
    ),
    seatedMax: people.nullable().describe('largest number of seats taken in all of them; null: as above'),
    relayLagMs: z.strictObject({ p50: orNull, p99: orNull, samples: people }),
    promoted: people.describe('listeners moved to another room'),
    promotionGapMs: z.strictObject({ p99: orNull, max: orNull, samples: people }),
    withMedia: people.describe('overflow listeners with real media'),
    hearing: people.describe("of withMedia, who received at least 95 % of the host's packets"),
  }),
  incumbents: z.strictObject({
    plannedWithMedia: people.describe('planned to be there with real media'),
    count: people.describe('in when the surge began'),
    withMedia: people.describe('of these, with real media'),
    counted: people.describe('of these, whose packets are counted'),
    lossShareBefore: orNull.describe('packets lost, in the baseline'),
    lossShareSurge: orNull.describe('packets lost, in the surge'),
    longestGapBeforeMs: orNull.describe('longest silence between two packets, in the baseline'),
    longestGapMs: orNull.describe('longest silence between two packets, in the surge'),
    lateBeforeMs: orNull.describe('how much later than at first one of them heard the host, in the baseline'),
    lateMs: orNull.describe('the same in the surge: speech that got old in queues'),
    harmedShare: orNull.describe('of the counted, who lost more than 1 % of their packets in the surge'),
    worstGapP99Ms: orNull.describe("p99 of a listener's longest silence each second, for the worst listener"),
    listenerLossShareBefore: overListeners.describe("share of a listener's packets lost, in the baseline"),
    listenerLossShareSurge: overListeners.describe('the same in the surge'),
    listenerGapBeforeMs: overListeners.describe("a listener's longest silence, in the baseline"),
    listenerGapSurgeMs: overListeners.describe('the same in the surge'),
    jitterBeforeMs: overListeners.describe("median of a listener's interarrival jitter, in the baseline"),
    jitterSurgeMs: overListeners.describe('the same in the surge'),
    jitterAddedMs: overListeners.describe("a listener's jitter in the surge less that in the baseline"),
  }),
  admission: z
    .strictObject({
      overAdmitted: people.nullable().describe("seats taken over the room's cap, at most"),
      fifoInversions: people.nullable().describe('seatings that overtook somebody who had waited longer'),
      etaErrorMs: orNull.describe('mean error of the told wait; null: none was told'),
      leakedSeats: people.nullable().describe('still in the ledger at the end, their listener long gone'),
      ghostSeats: people.nullable().describe('taken, and no listener ever knew or said goodbye'),
      replayedTickets: people.nullable().describe('tickets accepted twice'),
      seats: z
        .strictObject({
          taken: people
            .nullable()
            .describe('seats that somebody had; moves and resumed seats are no new ones'),
          held: people.nullable().describe('times that a seat was kept for somebody thrown out'),
          released: people.nullable().describe('became free again'),
          expired: people.nullable().describe('of released: held, and not come back to in time'),
          atEnd: people.nullable().describe('taken or held at the end'),
        })
        .describe('taken = released + atEnd'),
      ticketsIssued: people.nullable().describe('tickets to a seat or a place'),
      ticketsRedeemed: people.nullable().describe('tickets used'),
      ticketsRefused: people.nullable().describe('tickets turned away'),
      queued: people.nullable().describe('places given in the queue'),
      seatsFilledShare: orNull.describe(
        'at the end of the tail: seats taken over seats of open rooms; 1: nobody wants one',
      ),
      reason: z.string().nullable().describe('why the figures of this section are null'),
    })
    .describe("by the server's own rows"),
  fairness: z
    .strictObject({
      jainIndex: orNull.describe('1: all waited the same; 1/n: one had all the waiting'),
      waitMs: z.strictObject({ p50: orNull, p95: orNull, max: orNull }),
      overtakenShare: orNull.describe('were in later than somebody who came more than a second after them'),
      samples: people.describe('people of the surge who got in'),
    })
    .describe('of those who got in'),
  goodput: z.strictObject({
    listenerSecondsWanted: z
      .number()
      .describe('from the planned arrival to the end of the drawn stay or the talk'),
    listenerSecondsServed: z.number().describe('of these, with audio; in a seat for bodies without media'),
    share: orNull.describe('served / wanted; null: nobody arrived'),
  }),
  recovery: z.strictObject({
    ms: orNull.describe(
      "from the surge's end until nobody is thrown out or left without an answer, and those inside hear well; null: never",
    ),
    metastable: z.boolean().nullable().describe('it went on to the end; null: the run ended before'),
  }),
  parallel: z.strictObject({
    roomsOpened: people.nullable().describe('rooms that listeners opened'),
    seatedMax: people.nullable().describe('people in them at most'),
    aside: people.describe('people who gave up the main room for one'),
    hallwayRequests: people.nullable().describe('lists of rooms that were given'),
    hallwayRequestsPerSecondMax: people.nullable(),
  }),
  browsers: z
    .strictObject({
      planned: people.describe('people who were added for real browsers'),
      plannedArriving: people.describe('of these, to arrive in the surge'),
      count: people.describe('set out'),
      joined: people.describe('got in at least once'),
      heard: people.describe('heard something at least once'),
      firstAudibleMs: z
        .strictObject({ p50: orNull, p90: orNull })
        .describe(
          'from the seat to the first sample that is not silent, over those who joined; null: not reached',
        ),
      pageLoadMs: z
        .strictObject({ p50: orNull, p90: orNull })
        .describe('over all whose page was opened, before the join; null: not reached'),
      concealedShare: orNull.describe('samples that the decoder made up, silence not counted'),
      jitterBufferMs: z.strictObject({ p50: orNull }).describe('wait in the jitter buffer'),
      lostShare: orNull.describe('packets lost'),
      failed: z
        .record(z.enum(['page-load', 'page-crash', 'page-hang']), people)
        .describe('people whose page failed, by cause; no fault of the run, and no ejections'),
      clockErrorMs: orNull.describe("largest bound on how far a page's clock may be off the log's"),
    })
    .describe('the people who were real browser pages'),
  server: z.strictObject({
    cpuSeconds: orNull,
    cpuSecondsByProcess: z.strictObject({ server: orNull, worker: orNull }),
    yardstickMs: orNull.describe(
      "CPU ms of one and the same piece of work on the server's core during the run: how fast the core was; null: not measured, as outside the gate",
    ),
    cpuShareMax: orNull.describe('of one core, busiest second'),
    stallMsMax: orNull.describe('longest time without an answer or a turn of its event loop'),
    rssBytesMax: orNull,
    bytes: z.strictObject({ in: orNull, out: orNull }),
    messages: z.strictObject({ in: orNull, out: orNull }),
    presenceDeliveries: orNull.describe('presence frames sent'),
    presenceDeliveriesPerSecondMax: orNull,
    unitCosts: unitCostsSchema,
    foreignCpuShare: orNull.describe("mean over the surge, on the server's core"),
    cpuByModule: cpuByModuleSchema
      .nullable()
      .default(null)
      .describe("whose the server's CPU was in the surge, by its profile; null: it was not profiled"),
    reason: z.string().nullable().describe('why figures of this section are null'),
  }),
  generator: z.strictObject({
    cpuSeconds: orNull,
    cpuShareMax: orNull.describe('of one core, busiest second, all swarm processes together'),
    stallMsMax: orNull,
    rssBytesMax: orNull,
    bytes: z.strictObject({ in: orNull, out: orNull }),
    messages: z.strictObject({ in: orNull, out: orNull }),
    slipMs: z
      .strictObject({ p50: orNull, p99: orNull, max: orNull, samples: people })
      .describe('actual minus planned instant of the arrivals'),
    napMsMax: orNull.describe('longest nap: how late a signal may have been noticed'),
    coreBusySeconds: orNull.describe("seconds of the surge with the swarm's core over 90 % busy"),
    foreignCpuShare: orNull.describe("mean over the surge, on the swarm's core"),
    troubles: z.record(z.string(), z.number()).describe('what the generator met, by cause'),
    kernel: z
      .record(z.string(), z.number())
      .describe('what the kernel threw away or sent again on this machine, by counter'),
    clockStepMsMax: z.number().describe('largest step of the wall clock; 0: none was seen'),
  }),
  oracles: z
    .array(oracleFindingSchema)
    .describe('checks of the admission control; they report, and objectives judge'),
  verdict: z.strictObject({
    result: z.enum(['pass', 'fail', 'void']),
    reasons: z.array(z.string()).describe('why, in words; first of all what makes the run void'),
    notes: z.array(z.string()).describe('what limits the trust in it without changing it'),
    objectives: z.array(objectiveResultSchema),
  }),
});
/** What a run found. */
export type Summary = z.infer<typeof summarySchema>;

/** The published schema of `summary.json`, as JSON Schema. */
export function summaryJsonSchema(): object {
  return z.toJSONSchema(summarySchema, { target: 'draft-2020-12' });
}
