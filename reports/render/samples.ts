/** How many a figure is about, where it is no count itself: what stands as `n = 812` under it. */
import { valueAt } from '../measures/paths.ts';
import type { Summary } from '../summary-schema.ts';

/** By the beginning of a figure's path; the first that fits. A path of the count, or null: it is a count, or about no people. */
const RULES: readonly (readonly [RegExp, string | null])[] = [
  [/^crowd\.answeredWithin2sShare$/, 'crowd.surgeArrivals'],
  [/^crowd\.\w+Share$/, 'crowd.arrived'],
  [/^joinLatencyMs\.(\w+)\.ofJoined\./, 'joinLatencyMs.$1.joined'],
  [/^joinLatencyMs\.(\w+)\.phases\.(\w+)\./, 'joinLatencyMs.$1.phases.$2.samples'],
  [/^joinLatencyMs\.(\w+)\.p\d/, 'joinLatencyMs.$1.count'],
  [/^ejections\.involuntaryShare$/, 'crowd.joined'],
  [/^ejections\.returnMs\./, 'ejections.returnMs.samples'],
  [/^incumbents\.(count|withMedia|plannedWithMedia|counted)$/, null],
  [/^incumbents\./, 'incumbents.counted'],
  [/^overflow\.relayLagMs\./, 'overflow.relayLagMs.samples'],
  [/^overflow\.promotionGapMs\./, 'overflow.promotionGapMs.samples'],
  [/^overflow\.hearing$/, 'overflow.withMedia'],
  [/^goodput\.share$/, 'crowd.arrived'],
  [/^fairness\./, 'fairness.samples'],
  [/^browsers\.(firstAudibleMs)\./, 'browsers.joined'],
  [/^browsers\.(pageLoadMs|concealedShare|jitterBufferMs|lostShare)/, 'browsers.count'],
  [/^generator\.slipMs\./, 'generator.slipMs.samples'],
];

/** @returns null where there is nothing to count, or the figure is a count. */
export function samplesOf(summary: Summary, path: string): number | null {
  for (const [rule, count] of RULES) {
    const found = rule.exec(path);
    if (found === null) continue;
    return count === null ? null : valueAt(summary, found[0].replace(rule, count));
  }
  return null;
}
