/** Lines: who is in by when, and how hard the server worked. */
import { Chart } from 'chart.js';
import type { PageRun } from './data.ts';
import { axis, type Inks, lineLegend, minutes, nightAxis, runColour } from './theme.ts';

/** A line a run and body: the body with audio solid, the one without dashed. */
export function drawJoinCurve(canvas: HTMLCanvasElement, runs: readonly PageRun[], inks: Inks): Chart {
  const bodies = [...new Set(runs.flatMap(({ charts }) => Object.keys(charts.joinCurve)))].sort().reverse();
  return new Chart(canvas, {
    type: 'line',
    data: {
      datasets: runs.flatMap(({ name, charts }, nth) =>
        bodies
          .filter((body) => charts.joinCurve[body] !== undefined)
          .map((body) => ({
            label: bodies.length > 1 ? `${name}, ${body}` : name,
            data: (charts.joinCurve[body] ?? []).map((share, step) => ({
              x: (step * charts.joinCurveStepMs) / 1000,
              y: 100 * share,
            })),
            borderColor: runColour(nth),
            backgroundColor: runColour(nth),
            borderWidth: 2,
            borderDash: bodies.indexOf(body) === 0 ? [] : [6, 4],
            pointRadius: 0,
            pointHitRadius: 6,
          })),
      ),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { ...axis(inks, 's since the planned arrival'), type: 'linear', min: 0 },
        y: { ...axis(inks, '% in'), min: 0, max: 100 },
      },
      plugins: { legend: lineLegend(inks) },
    },
  });
}

export function drawLoad(canvas: HTMLCanvasElement, runs: readonly PageRun[], inks: Inks): Chart {
  return new Chart(canvas, {
    type: 'line',
    data: {
      datasets: runs.map(({ name, charts }, nth) => ({
        label: name,
        data: charts.load.serverCpu.map((share, second) => ({
          x: second,
          y: share === null ? Number.NaN : 100 * share,
        })),
        borderColor: runColour(nth),
        backgroundColor: runColour(nth),
        borderWidth: 2,
        pointRadius: 0,
        pointHitRadius: 6,
        spanGaps: 3,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: nightAxis(inks, Math.max(1, ...runs.map(({ charts }) => charts.load.serverCpu.length - 1))),
        y: { ...axis(inks, '% of a core'), min: 0, suggestedMax: 100 },
      },
      plugins: {
        legend: lineLegend(inks),
        tooltip: { callbacks: { title: ([item]) => minutes(item?.parsed.x ?? 0) } },
      },
    },
  });
}
