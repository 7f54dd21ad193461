/** Sums over the night: seats lost in each second by cause, and the server's CPU by process. Same axes for every run. */
import { Chart } from 'chart.js';
import { causeColour, PROCESS_COLOUR } from '../../palette.ts';
import type { PageData, PageRun } from './data.ts';
import { momentMarks } from './marks.ts';
import { type Point, pointsOf, timeAxis } from './over-time.ts';
import { area, axis, type Inks, legend, OVER_TIME, TIME_TOOLTIP } from './theme.ts';

export function drawLosses(canvas: HTMLCanvasElement, run: PageRun, data: PageData, inks: Inks): Chart {
  const { stepSeconds } = data;
  const { lossesByCause } = run.charts;
  const totalOf = (losses: readonly number[]) => losses.reduce((sum, one) => sum + one, 0);
  const causes = Object.entries(lossesByCause).sort(([, a], [, b]) => totalOf(b) - totalOf(a));
  const chart = new Chart<'bar', Point[]>(canvas, {
    type: 'bar',
    data: {
      datasets: causes.map(([cause, losses]) => ({
        label: `${cause} (${totalOf(losses).toLocaleString('en-US')})`,
        // A bar stands on its whole second.
        data: losses.map((lost, nth) => ({ x: (nth + 0.5) * stepSeconds, y: lost })),
        backgroundColor: causeColour(cause),
        borderColor: inks.panel,
        borderWidth: { top: 0.5 },
        barPercentage: 1,
        categoryPercentage: 0.9,
      })),
    },
    options: {
      ...OVER_TIME,
      scales: {
        x: { ...timeAxis(data, inks), stacked: true, offset: false },
        y: {
          ...axis(inks, stepSeconds === 1 ? 'seats lost a second' : `seats lost in ${stepSeconds} s`),
          stacked: true,
          min: 0,
          max: mostLost(data.runs),
          ticks: { color: inks.soft, precision: 0 },
        },
      },
      plugins: { legend: legend(inks), tooltip: TIME_TOOLTIP },
    },
    plugins: [momentMarks(run.charts, inks)],
  });
  return chart as unknown as Chart;
}

/** Of any run in one step. */
function mostLost(runs: readonly PageRun[]): number {
  const sums = runs.flatMap(({ charts }) => {
    const causes = Object.values(charts.lossesByCause);
    return (causes[0] ?? []).map((_, nth) => causes.reduce((sum, losses) => sum + (losses[nth] ?? 0), 0));
  });
  return Math.max(1, ...sums);
}

export function drawLoad(canvas: HTMLCanvasElement, run: PageRun, data: PageData, inks: Inks): Chart {
  const { load } = run.charts;
  const areas = [
    ['signalling', load.signallingCpu, PROCESS_COLOUR.server],
    ['media', load.workerCpu, PROCESS_COLOUR.worker],
  ] as const;
  const most = Math.max(
    1,
    ...data.runs.flatMap(({ charts }) => charts.load.serverCpu.map((share) => share ?? 0)),
  );
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: {
      datasets: areas.map(([label, shares, colour]) => ({
        label,
        data: pointsOf(shares, data.stepSeconds, 100),
        ...area(inks, colour),
        spanGaps: 3 * data.stepSeconds,
      })),
    },
    options: {
      ...OVER_TIME,
      scales: {
        x: timeAxis(data, inks),
        y: { ...axis(inks, '% of a core'), stacked: true, min: 0, max: Math.ceil(most * 10) * 10 },
      },
      plugins: { legend: legend(inks), tooltip: TIME_TOOLTIP },
    },
    plugins: [momentMarks(run.charts, inks)],
  });
  return chart as unknown as Chart;
}
