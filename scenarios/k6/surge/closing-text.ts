/** What k6 prints at the end of a night: its own count, and whose word counts. */
import type { NightHead } from '../../../simulator/bodies/k6/night-lines.ts';

type Metrics = Readonly<Record<string, { readonly values: Readonly<Record<string, number>> } | undefined>>;

/** @param users virtual users that were to play. */
export function closingText(metrics: Metrics, head: NightHead, users: number): string {
  const count = (name: string) => metrics[name]?.values['count'] ?? 0;
  const done = count('users_done');
  const lines = [
    `${head.scenario}, seed ${head.seed}: ${head.people} people at ${head.target}`,
    `  arrived ${count('crowd_arrived')}, joined ${count('crowd_joined')}, gave up ${count('crowd_gaveUp')}, ` +
      `ejections ${count('ejections_involuntary')}, stranded ${count('ejections_stranded')}, rows ${count('roomrush_row')}`,
    `  join latency over all arrivals of the surge: ${quantiles(metrics['joinLatencyMs_k6']?.values)}`,
    ...(done === users
      ? []
      : [`  only ${done} of ${users} virtual users played to the end: see the errors above`]),
    ...(head.unjudged.length === 0 ? [] : [`  not for k6 to judge: ${head.unjudged.join(', ')}`]),
    '  These are k6’s own figures, and so are its thresholds; the verdict is roomrush’s, which measures the log.',
  ];
  return `${lines.join('\n')}\n`;
}

/** A day stands for never: k6 has no infinity. */
const NEVER_MS = 86_400_000;

function quantiles(values: Readonly<Record<string, number>> | undefined): string {
  if (values === undefined) return 'nobody arrived';
  return ['p(50)', 'p(90)', 'p(99)']
    .map((name) => {
      const ms = values[name] ?? 0;
      return `${name} ${ms >= NEVER_MS ? 'not reached' : `${Math.round(ms)} ms`}`;
    })
    .join(', ');
}
