/** The crowd over time: stacked areas, the night's moments, and how many seats there are. */
import {
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
  Tooltip,
} from 'chart.js';
import { STATES, type State } from '../../states.ts';
import type { PageRun } from './data.ts';
import { axis, type Inks, legend, minutes, nightAxis, STATE_COLOUR, STATE_NAME } from './theme.ts';

Chart.register(
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

/** The same axes for every run, so that two charts can be compared by eye. */
export function drawCrowd(
  canvas: HTMLCanvasElement,
  run: PageRun,
  runs: readonly PageRun[],
  inks: Inks,
): Chart {
  const shown = STATES.filter((state) =>
    runs.some(({ charts }) => (charts.crowd[state] ?? []).some((people) => people > 0)),
  );
  return new Chart(canvas, {
    type: 'line',
    data: {
      datasets: shown.map((state) => ({
        label: STATE_NAME[state],
        data: (run.charts.crowd[state] ?? []).map((people, second) => ({ x: second, y: people })),
        backgroundColor: STATE_COLOUR[state],
        // A thin seam keeps neighbours apart also without colour.
        borderColor: inks.panel,
        borderWidth: 1,
        fill: true,
        pointRadius: 0,
        pointHitRadius: 6,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: nightAxis(inks, Math.max(...runs.map(lastSecond))),
        y: { ...axis(inks, 'people'), stacked: true, min: 0, max: mostPeople(runs) },
      },
      plugins: {
        legend: legend(inks),
        tooltip: { callbacks: { title: ([item]) => minutes(item?.parsed.x ?? 0) } },
      },
    },
    plugins: [momentMarks(run, inks)],
  });
}

function lastSecond({ charts }: PageRun): number {
  return Math.max(1, ...Object.values(charts.crowd).map((people) => people.length - 1));
}

function mostPeople(runs: readonly PageRun[]): number {
  const totals = runs.flatMap(({ charts }) => {
    const states = Object.keys(charts.crowd) as State[];
    const seconds = Math.max(0, ...states.map((state) => charts.crowd[state]?.length ?? 0));
    return Array.from({ length: seconds }, (_, second) =>
      states.reduce((sum, state) => sum + (charts.crowd[state]?.[second] ?? 0), 0),
    );
  });
  const most = Math.max(1, ...totals);
  const step = 10 ** Math.floor(Math.log10(most)) / 2;
  return Math.ceil(most / step) * step;
}

/** Dashed lines at the moments, numbered as in the list below the chart, and one at the seats of the main room. */
function momentMarks({ charts }: PageRun, inks: Inks): Plugin<'line'> {
  return {
    id: 'moments',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { x, y } = scales;
      if (x === undefined || y === undefined) return;
      ctx.save();
      ctx.strokeStyle = inks.ink;
      ctx.fillStyle = inks.ink;
      ctx.lineWidth = 1;
      ctx.font = '600 12px system-ui, sans-serif';
      ctx.textAlign = 'center';
      const numbers = new Map<number, number[]>();
      charts.moments.forEach(({ atMs }, nth) => {
        numbers.set(atMs, [...(numbers.get(atMs) ?? []), nth + 1]);
      });
      for (const [atMs, nths] of numbers) {
        const left = x.getPixelForValue(atMs / 1000);
        if (left < chartArea.left || left > chartArea.right) continue;
        line(ctx, [4, 3], left, chartArea.top + 18, left, chartArea.bottom);
        ctx.fillText(nths.join(', '), Math.min(left, chartArea.right - 8), chartArea.top + 13);
      }
      const seats = y.getPixelForValue(charts.seats.main);
      if (seats > chartArea.top) {
        line(ctx, [2, 4], chartArea.left, seats, chartArea.right, seats);
        ctx.textAlign = 'left';
        const label = `${charts.seats.main.toLocaleString('en-US')} seats in the main room`;
        // A halo in the page's colour keeps the label readable over any area.
        ctx.setLineDash([]);
        ctx.lineWidth = 3;
        ctx.strokeStyle = inks.panel;
        ctx.strokeText(label, chartArea.left + 6, seats - 5);
        ctx.fillText(label, chartArea.left + 6, seats - 5);
      }
      ctx.restore();
    },
  };
}

function line(
  ctx: CanvasRenderingContext2D,
  dash: number[],
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
