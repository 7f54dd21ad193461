/** What a table says of one figure of one run, where no figure can mean several things. */
import { valueAt } from '../measures/paths.ts';
import type { Summary } from '../summary-schema.ts';
import { format, NONE, type Unit } from './format.ts';

/**
 * The figure at a path with its unit. A quantile that falls among those who never got in was not reached, and a crowd that
 * was still in trouble at the end never recovered: both are another thing than no figure.
 */
export function cellText(summary: Summary, path: string, unit: Unit): string {
  const value = valueAt(summary, path);
  if (value !== null) return format(value, unit);
  if (path === 'recovery.ms' && summary.recovery.metastable === true) return 'never';
  const [section, body, quantile] = path.split('.');
  if (section === 'origins' && quantile === 'joinP50Ms')
    return summary.origins[body as keyof Summary['origins']].joinNotReached ? 'not reached' : NONE;
  const latency = section === 'joinLatencyMs' ? summary.joinLatencyMs[body!] : undefined;
  return latency?.notReached[quantile as 'p50' | 'p90' | 'p99'] === true ? 'not reached' : NONE;
}
