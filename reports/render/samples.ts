/** How many a figure is about, where it is no count itself: what stands as `n = 812` under it. */
import { valueAt } from '../measures/paths.ts';
import type { Summary } from '../summary-schema.ts';

/**
 * By the beginning of a figure's path; the first that fits. The path of the count, or how to get it; null: it is a count, or
 * about no people.
 */
const RULES: readonly (readonly [RegExp, string | ((summary: Summary) => number | null) | null])[] = [
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
  [/^ejections\.stormIndex$/, 'ejections.involuntary'],
  [/^server\.unitCosts\.(cpuMsPerJoin|bytesPerJoin|messagesPerJoin)/, 'server.unitCosts.joins'],
  [/^server\.unitCosts\.perThousand\.(cores|memoryBytes|egressMbit|withMedia)\./, peopleMore],
  [/^generator\.slipMs\./, 'generator.slipMs.samples'],
];

/** Those that were more at the end than before the surge, on the mean: what they cost is told for a thousand. */
function peopleMore({ server: { unitCosts } }: Summary): number | null {
  const { inBefore, inAfter } = unitCosts.perThousand;
  return inBefore === null || inAfter === null ? null : inAfter - inBefore;
}

/** @returns null where there is nothing to count, or the figure is a count. */
export function samplesOf(summary: Summary, path: string): number | null {
  for (const [rule, count] of RULES) {
    const found = rule.exec(path);
    if (found === null) continue;
    if (typeof count === 'function') return count(summary);
    return count === null ? null : valueAt(summary, found[0].replace(rule, count));
  }
  return null;
}
