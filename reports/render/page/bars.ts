/** Bars: seats lost by cause, what became of those who lost one, and the parts of the way in. */
import { Chart, type Plugin } from 'chart.js';
import { END_COLOUR, runColour } from '../../palette.ts';
import { PHASE_NAMES } from '../phase-names.ts';
import type { PageRun } from './data.ts';
import { axis, type Inks, legend } from './theme.ts';

/** Bars from side to side, which do not move and take the whole space of their box. */
const ACROSS = { indexAxis: 'y', animation: false, maintainAspectRatio: false } as const;

/** The axis of a count, which has no halves. */
const countAxis = (inks: Inks, title: string) => ({
  ...axis(inks, title),
  min: 0,
  suggestedMax: 1,
  ticks: { color: inks.soft, precision: 0 },
});

export function drawCauses(canvas: HTMLCanvasElement, runs: readonly PageRun[], inks: Inks): Chart {
  const met = [...new Set(runs.flatMap(({ byCause }) => Object.keys(byCause)))].filter((cause) =>
    runs.some(({ byCause }) => (byCause[cause] ?? 0) > 0),
  );
  const causes = met.length > 0 ? met : ['nobody was thrown out'];
  return new Chart(canvas, {
    type: 'bar',
    data: {
      labels: causes,
      datasets: runs.map(({ name, byCause }, nth) => ({
        label: name,
        data: causes.map((cause) => byCause[cause] ?? 0),
        backgroundColor: runColour(nth),
      })),
    },
    options: {
      ...ACROSS,
      scales: {
        x: countAxis(inks, 'seats lost'),
        y: { ...axis(inks, ''), title: { display: false } },
      },
      plugins: { legend: legend(inks) },
    },
  });
}

const FATES = [
  ['returned', 'in again', END_COLOUR.in],
  ['stranded', 'tried and could not', END_COLOUR.refused],
  ['didNotTry', 'did not try', END_COLOUR.open],
] as const;

export function drawComebacks(canvas: HTMLCanvasElement, runs: readonly PageRun[], inks: Inks): Chart {
  return new Chart(canvas, {
    type: 'bar',
    data: {
      labels: runs.map(({ name }) => name),
      datasets: FATES.map(([fate, label, colour]) => ({
        label,
        data: runs.map(({ comebacks }) => comebacks[fate]),
        backgroundColor: colour,
      })),
    },
    options: {
      ...ACROSS,
      scales: {
        x: { ...countAxis(inks, 'people thrown out'), stacked: true },
        y: { ...axis(inks, ''), stacked: true, title: { display: false } },
      },
      plugins: { legend: legend(inks) },
    },
  });
}

/** A logarithm has no zero. */
const SHORTEST_MS = 1;

/** From the median to the 99th of 100, with a notch at the 90th. */
export function drawPhases(canvas: HTMLCanvasElement, runs: readonly PageRun[], inks: Inks): Chart {
  const shown = Object.entries(PHASE_NAMES).filter(([phase]) =>
    runs.some(({ phases }) => phases[phase] !== undefined),
  );
  const atLeast = (ms: number) => Math.max(SHORTEST_MS, ms);
  const chart = new Chart<'bar', ([number, number] | null)[]>(canvas, {
    type: 'bar',
    data: {
      labels: shown.map(([, name]) => name),
      datasets: runs.map(({ name, phases }, nth) => ({
        label: name,
        data: shown.map(([phase]) => {
          const found = phases[phase];
          return found?.p50 == null || found.p99 === null ? null : [atLeast(found.p50), atLeast(found.p99)];
        }),
        backgroundColor: runColour(nth),
        // Where the two are the same there is still something to see.
        minBarLength: 3,
      })),
    },
    options: {
      ...ACROSS,
      scales: {
        x: {
          ...axis(inks, 'time for this part, p50 to p99'),
          type: 'logarithmic',
          min: SHORTEST_MS,
          ticks: { color: inks.soft, maxRotation: 0, callback: (value) => powerOfTen(Number(value)) },
        },
        y: { ...axis(inks, ''), title: { display: false } },
      },
      plugins: {
        legend: legend(inks),
        tooltip: {
          callbacks: {
            label: ({ datasetIndex, dataIndex }) => {
              const { name, phases } = runs[datasetIndex]!;
              const { p50, p90, p99 } = phases[shown[dataIndex]![0]] ?? { p50: null, p90: null, p99: null };
              return `${name}: p50 ${told(p50)}, p90 ${told(p90)}, p99 ${told(p99)}`;
            },
          },
        },
      },
    },
    plugins: [
      notches(
        runs,
        shown.map(([phase]) => phase),
        inks,
      ),
    ],
  });
  return chart as unknown as Chart;
}

function powerOfTen(ms: number): string {
  return Number.isInteger(Math.log10(ms)) ? told(ms) : '';
}

function told(ms: number | null): string {
  if (ms === null) return 'not known';
  return ms < 1000 ? `${Number(ms.toFixed(1))} ms` : `${Number((ms / 1000).toFixed(2))} s`;
}

function notches(runs: readonly PageRun[], phases: readonly string[], inks: Inks): Plugin<'bar'> {
  return {
    id: 'notches',
    afterDatasetsDraw: (chart) => {
      const { ctx } = chart;
      const { x } = chart.scales;
      if (x === undefined) return;
      ctx.save();
      ctx.fillStyle = inks.panel;
      runs.forEach((run, dataset) => {
        chart.getDatasetMeta(dataset).data.forEach((bar, nth) => {
          const p90 = run.phases[phases[nth] ?? '']?.p90;
          const { y, height } = bar.getProps(['y', 'height'] as never) as unknown as {
            y: number;
            height: number;
          };
          if (p90 == null || !(height > 0)) return;
          ctx.fillRect(x.getPixelForValue(Math.max(SHORTEST_MS, p90)) - 1, y - height / 2, 2, height);
        });
      });
      ctx.restore();
    },
  };
}
