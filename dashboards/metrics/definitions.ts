/**
 * The rehearsal's metrics: what it knows of the night while it plays, each second. Provisional as the progress line is,
 * and of the same source: the counters that each process of the crowd tells, and what is seen from outside in /proc.
 */
import type { MetricDefinition } from '../../server/metrics/definition.ts';

const ofProcess = {
  process: 'a process of the crowd: swarm-signal, swarm-webrtc, swarm-rtp, swarm-k6 or swarm-browser',
};
const ofCore = { core: 'a number from 0: 0 has the crowd, 1 the server' };

export const REHEARSAL_METRICS = {
  roomrush_run_info: {
    type: 'gauge',
    help: 'Always 1; its labels say which night is played.',
    labels: { scenario: 'one a run', profile: 'one a run', policy: 'one a run' },
  },
  roomrush_night_seconds: { type: 'gauge', help: 'Time of the night; its zero is the start of the plan.' },
  roomrush_night_end_seconds: { type: 'gauge', help: 'Time of the night at which it ends.' },
  roomrush_night_moments_total: { type: 'counter', help: 'Moments of the night that have come.' },
  roomrush_night_faults_total: {
    type: 'counter',
    help: 'Faults that were injected.',
    labels: { kind: ['cut', 'kill-worker', 'kill-server'] },
  },
  roomrush_swarm_people: {
    type: 'gauge',
    help: 'Listeners who have arrived and not gone, by what they are at: joining (dialling, in the hallway, asking, a seat without sound), waiting in the queue, pausing between two tries, in.',
    labels: { ...ofProcess, state: ['joining', 'waiting', 'pausing', 'in'] },
  },
  roomrush_swarm_arrivals_total: { type: 'counter', help: 'Listeners who set out.', labels: ofProcess },
  roomrush_swarm_late_arrivals_total: {
    type: 'counter',
    help: 'Listeners who set out more than 50 ms after their instant. More than 1 of 100 make the run void.',
    labels: ofProcess,
  },
  roomrush_swarm_joined_total: {
    type: 'counter',
    help: 'Listeners who were in at least once.',
    labels: ofProcess,
  },
  roomrush_swarm_attempts_total: { type: 'counter', help: 'Connections dialled.', labels: ofProcess },
  roomrush_swarm_ejections_total: {
    type: 'counter',
    help: 'Losses of a seat without wanting to, as the listeners saw them.',
    labels: ofProcess,
  },
  roomrush_swarm_gave_up_total: {
    type: 'counter',
    help: 'Listeners who stopped trying.',
    labels: ofProcess,
  },
  roomrush_swarm_left_total: {
    type: 'counter',
    help: 'Listeners who left a seat of their own will.',
    labels: ofProcess,
  },
  roomrush_watched_cpu_seconds_total: {
    type: 'counter',
    help: 'CPU time since the start of the night, from /proc.',
    labels: { process: 'a process of the run: rehearsal, server, worker, one of the crowd or its child' },
  },
  roomrush_core_busy_ratio: {
    type: 'gauge',
    help: 'Share of a core that was busy in the last second.',
    labels: ofCore,
  },
  roomrush_core_foreign_ratio: {
    type: 'gauge',
    help: 'CPU seconds a second on a core by processes that are none of the run.',
    labels: ofCore,
  },
  roomrush_probe_seconds: {
    type: 'gauge',
    help: 'Time until the server answered the last ping from outside; NaN where it did not.',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;
