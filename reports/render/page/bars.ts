/** Bars: seats lost by cause, and what became of those who lost one. */
import { BarController, BarElement, Chart } from 'chart.js';
import type { PageRun } from './data.ts';
import { axis, type Inks, legend, runColour } from './theme.ts';

Chart.register(BarController, BarElement);

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
      indexAxis: 'y',
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: {
          ...axis(inks, 'seats lost'),
          min: 0,
          suggestedMax: 1,
          ticks: { color: inks.soft, precision: 0 },
        },
        y: { ...axis(inks, ''), title: { display: false } },
      },
      plugins: { legend: legend(inks) },
    },
  });
}

const FATES = [
  ['returned', 'in again', '#0072b2'],
  ['stranded', 'tried and could not', '#d55e00'],
  ['didNotTry', 'did not try', '#b8b8b8'],
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
      indexAxis: 'y',
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: {
          ...axis(inks, 'people thrown out'),
          stacked: true,
          min: 0,
          suggestedMax: 1,
          ticks: { color: inks.soft, precision: 0 },
        },
        y: { ...axis(inks, ''), stacked: true, title: { display: false } },
      },
      plugins: { legend: legend(inks) },
    },
  });
}
