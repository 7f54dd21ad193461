/** What the charts of the page have in common, beside the axes that they share with the report. */
import { Chart, type ChartOptions, Legend, LinearScale, PointElement, Tooltip } from 'chart.js';
import type { Point } from '../../../reports/render/page/over-time.ts';
import { type Inks, nightAxis, OVER_TIME } from '../../../reports/render/page/theme.ts';
import type { SecondFrame } from '../frames.ts';

Chart.register(Legend, LinearScale, PointElement, Tooltip);

const TICK_SECONDS = [10, 20, 30, 60, 120, 300, 600, 1_200, 1_800] as const;
const TICKS_MAX = 15;

/** The time of the night along the bottom, the same for every chart of the page. */
export function liveNightAxis(inks: Inks, span: number) {
  const axis = nightAxis(inks, span);
  // A label at the very end would run into that of the last step.
  return { ...axis, ticks: { ...axis.ticks, stepSize: tickSeconds(span), includeBounds: false } };
}

/** Longer nights have fewer marks along the bottom. */
function tickSeconds(span: number): number {
  return TICK_SECONDS.find((step) => span / step <= TICKS_MAX) ?? 3_600;
}

/** How a chart of a night behaves: it does not move, and shows what is under the pointer at that second. */
export const FOLLOWING = {
  ...OVER_TIME,
  // Points come in order and as they are drawn: nothing is parsed or sorted, whatever was drawn before.
  parsing: false,
  normalized: true,
} as const satisfies ChartOptions;

/** A legend explains and does nothing: what only a pointer can do, a keyboard cannot. */
export const DEAF = { onClick() {} } as const;

/** Adds the points of those seconds that a line does not have yet. */
export function addPoints(
  points: Point[],
  seconds: readonly SecondFrame[],
  y: (second: SecondFrame) => number | null,
): void {
  const fresh = seconds
    .slice(points.length)
    .map((second) => ({ x: second.nightMs / 1000, y: y(second) ?? Number.NaN }));
  // One call, however many: a chart goes over all its points at each.
  if (fresh.length > 0) points.push(...fresh);
}
