/** What policies are compared by: each measure once, with its unit and which way is better. */
import type { Unit } from '../render/format.ts';

export type ComparedMeasure = {
  /** Dotted path in the summary. */
  readonly path: string;
  readonly title: string;
  readonly unit: Unit;
  /** Null: neither way is better; it tells what a policy did. */
  readonly better: 'lower' | 'higher' | null;
  /** What it means that a run has no figure. */
  readonly absent: string;
  /** Whether a difference here may decide what to choose; others say what the choice costs. */
  readonly decides: boolean;
};

const NO_FIGURE = 'no figure';

const measure = (
  path: string,
  title: string,
  unit: Unit,
  better: ComparedMeasure['better'],
  more: { readonly absent?: string; readonly decides?: true } = {},
): ComparedMeasure => ({
  path,
  title,
  unit,
  better,
  absent: more.absent ?? NO_FIGURE,
  decides: more.decides ?? false,
});

/** @param headlineBody whose join latency stands for the night's, such as `webrtc`. */
export function comparedMeasures(headlineBody: string): readonly ComparedMeasure[] {
  return [
    measure('ejections.involuntary', 'Seats lost against their will', 'count', 'lower', { decides: true }),
    measure('ejections.stranded', 'Tried to come back and could not', 'people', 'lower', { decides: true }),
    measure('crowd.neverInShare', 'Never got in', 'share', 'lower', { decides: true }),
    measure('admission.overAdmitted', 'People over the cap, at most', 'people', 'lower'),
    // Who never got in waits for ever: where that is half of all, the median is infinite and has no difference.
    measure(`joinLatencyMs.${headlineBody}.p50`, `Join latency p50, ${headlineBody}`, 'ms', 'lower', {
      absent: 'not reached',
    }),
    measure('fairness.waitMs.p50', 'Wait of those who got in, p50', 'ms', 'lower'),
    measure('fairness.waitMs.p95', 'Wait of those who got in, p95', 'ms', 'lower'),
    measure('fairness.jainIndex', 'Fairness of waits (Jain, 1 is even)', 'ratio', 'higher'),
    measure('overflow.seatedMax', 'Seated in overflow at most', 'people', null),
    measure('goodput.share', 'Goodput: time listened of time wanted', 'share', 'higher', { decides: true }),
    measure('recovery.ms', 'Recovered after the surge in', 'ms', 'lower', { absent: 'never recovered' }),
    measure('incumbents.lossShareSurge', 'Those inside: packets lost', 'share', 'lower'),
    measure('incumbents.longestGapMs', 'Those inside: longest silence', 'ms', 'lower'),
    measure('incumbents.lateMs', 'Those inside: heard late by', 'ms', 'lower'),
    measure('server.cpuSeconds', 'CPU, server and media worker', 'seconds', 'lower'),
  ];
}

/** The body whose join latency is the headline: the one nearest to a real listener that any of the runs has. */
export function headlineBody(bodies: ReadonlySet<string>): string {
  return ['webrtc', 'rtp', 'signal'].find((body) => bodies.has(body)) ?? 'signal';
}
