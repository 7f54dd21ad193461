/**
 * What one run gives to the gate: costs that hardly vary on a noisy machine, events that should not happen at all, and
 * wall-clock figures that are shown beside them.
 */
import { z } from 'zod';
import { headlineBody } from '../comparison/measures.ts';
import { refuseProfiled } from '../profile.ts';
import type { Summary } from '../summary-schema.ts';

const orNull = z.number().nullable();

export const gateFiguresSchema = z.strictObject({
  seed: z.int(),
  planDigest: z.string().describe('equal crowds have equal digests: both runs of a pair have the same'),
  startedAt: z.string().describe('ISO 8601'),
  joined: z.int().min(0).describe('people who got in; costs are divided by it'),
  costs: z
    .strictObject({
      serverCpuMsPerJoin: orNull.describe("CPU of the server's process over the whole run"),
      workerCpuMsPerJoin: orNull.describe('CPU of its media workers; null: no media'),
      bytesPerJoin: orNull.describe('both directions, as the crowd counted them'),
      messagesPerJoin: orNull.describe('both directions, as the crowd counted them'),
    })
    .describe('compared as ratios'),
  yardstickMs: orNull.describe(
    "CPU ms of one and the same piece of work on the server's core during the run; null: not measured",
  ),
  events: z
    .record(z.string(), z.int().min(0).nullable())
    .describe(
      'how often something happened that should not: ejections, stranded, neverIn, and each check of the admission control by its name; null: it could not be checked',
    ),
  wallClock: z
    .strictObject({ joinP50Ms: orNull, joinP99Ms: orNull, stallMsMax: orNull })
    .describe('shown, and judged only when asked'),
  voidReasons: z.array(z.string()).describe('why the run cannot be trusted; empty: it can'),
});
export type GateFigures = z.infer<typeof gateFiguresSchema>;

/**
 * Takes the gate's figures out of a run's summary.
 *
 * Where the run cut connections on purpose, the seats lost by a lost connection are its own doing and are left out of
 * `ejections`; a server that drops connections by itself then shows in `stranded`, `neverIn` and the checks.
 *
 * @throws UsageError when the run was profiled.
 */
export function figuresOf(summary: Summary): GateFigures {
  const { run, crowd, ejections, server, generator, joinLatencyMs, oracles, verdict } = summary;
  refuseProfiled(run.id, run.profiler?.tool ?? null, 'a gate');
  const joined = crowd.joined;
  const perJoin = (total: number | null) => (total === null || joined === 0 ? null : total / joined);
  const cpuMs = (seconds: number | null) => perJoin(seconds === null ? null : seconds * 1000);
  const both = ({ in: received, out: sent }: { in: number | null; out: number | null }) =>
    perJoin(received === null || sent === null ? null : received + sent);
  const cut = run.faults.some(({ kind }) => kind === 'cut');
  const ownDoing = cut ? (ejections.byCause['connection-lost'] ?? 0) : 0;
  const latency = joinLatencyMs[headlineBody(new Set(Object.keys(joinLatencyMs)))];
  return {
    seed: run.seed,
    planDigest: run.planDigest,
    startedAt: run.startedAt,
    joined,
    costs: {
      serverCpuMsPerJoin: cpuMs(server.cpuSecondsByProcess.server),
      workerCpuMsPerJoin: cpuMs(server.cpuSecondsByProcess.worker),
      bytesPerJoin: both(generator.bytes),
      messagesPerJoin: both(generator.messages),
    },
    yardstickMs: server.yardstickMs,
    events: {
      ejections: ejections.involuntary - ownDoing,
      stranded: ejections.stranded,
      neverIn: crowd.neverIn,
      ...Object.fromEntries(
        oracles.map(({ name, applicable, violations }) => [name, applicable ? violations : null]),
      ),
    },
    wallClock: {
      joinP50Ms: latency?.p50 ?? null,
      joinP99Ms: latency?.p99 ?? null,
      stallMsMax: server.stallMsMax,
    },
    voidReasons: verdict.result === 'void' ? verdict.reasons : [],
  };
}
