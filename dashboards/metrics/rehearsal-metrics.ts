/** The metrics of one night, set from what the rehearsal observes each second. */
import { type Counter, Registry } from 'prom-client';
import { createMetrics } from '../../server/metrics/definition.ts';
import { REHEARSAL_METRICS } from './definitions.ts';

/** Which night it is. */
export type RunInfo = { readonly scenario: string; readonly profile: string; readonly policy: string };

/** What a process of the crowd has told last: sums since the night's start, and people by what they are at. */
type Told = Readonly<Record<string, number>>;

/** One second of the night. */
export type NightSecond = {
  readonly nightMs: number;
  readonly nightEndMs: number;
  readonly countersByProcess: ReadonlyMap<string, Told>;
  /** Null where there is no /proc. */
  readonly sample: {
    readonly cpuMs: ReadonlyMap<string, number>;
    readonly coreBusyShare: readonly number[];
    readonly foreignCpuShare: readonly number[];
  } | null;
  readonly probeMs: number | null;
};

/** Names of what a process tells, by the state that people are in. */
const STATES = { joining: 'dialing', waiting: 'waiting', pausing: 'pausing', in: 'in' } as const;

export class RehearsalMetrics {
  readonly registry = new Registry();
  readonly #metrics = createMetrics(REHEARSAL_METRICS, this.registry);
  /** Counters by what a process tells as a sum. */
  readonly #sums: Readonly<Record<string, Counter>>;
  /** Those sums as they were told before, by process and name. */
  readonly #before = new Map<string, number>();

  constructor({ scenario, profile, policy }: RunInfo) {
    const metrics = this.#metrics;
    metrics.roomrush_run_info.set({ scenario, profile, policy }, 1);
    metrics.roomrush_probe_seconds.set(Number.NaN);
    this.#sums = {
      arrived: metrics.roomrush_swarm_arrivals_total,
      late: metrics.roomrush_swarm_late_arrivals_total,
      joined: metrics.roomrush_swarm_joined_total,
      attempts: metrics.roomrush_swarm_attempts_total,
      ejected: metrics.roomrush_swarm_ejections_total,
      gaveUp: metrics.roomrush_swarm_gave_up_total,
      left: metrics.roomrush_swarm_left_total,
    };
  }

  moment(): void {
    this.#metrics.roomrush_night_moments_total.inc();
  }

  fault(kind: string): void {
    this.#metrics.roomrush_night_faults_total.inc({ kind });
  }

  second({ nightMs, nightEndMs, countersByProcess, sample, probeMs }: NightSecond): void {
    const metrics = this.#metrics;
    metrics.roomrush_night_seconds.set(nightMs / 1000);
    metrics.roomrush_night_end_seconds.set(nightEndMs / 1000);
    metrics.roomrush_probe_seconds.set(probeMs === null ? Number.NaN : probeMs / 1000);
    for (const [process, told] of countersByProcess) this.#take(process, told);
    if (sample === null) return;
    for (const [process, ms] of sample.cpuMs)
      metrics.roomrush_watched_cpu_seconds_total.inc({ process }, ms / 1000);
    for (const [core, share] of sample.coreBusyShare.entries())
      metrics.roomrush_core_busy_ratio.set({ core }, share);
    for (const [core, share] of sample.foreignCpuShare.entries())
      metrics.roomrush_core_foreign_ratio.set({ core }, share);
  }

  #take(process: string, told: Told): void {
    for (const [state, name] of Object.entries(STATES))
      this.#metrics.roomrush_swarm_people.set({ process, state }, told[name] ?? 0);
    for (const [name, counter] of Object.entries(this.#sums)) {
      const key = `${process} ${name}`;
      const sum = told[name] ?? 0;
      counter.inc({ process }, Math.max(0, sum - (this.#before.get(key) ?? 0)));
      this.#before.set(key, sum);
    }
  }
}
