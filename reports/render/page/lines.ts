/** Lines: who is in by when, and what those heard who were inside already. */
import { Chart, type ChartDataset } from 'chart.js';
import { END_COLOUR, runColour } from '../../palette.ts';
import type { PageData } from './data.ts';
import { momentMarks } from './marks.ts';
import { type Point, pointsOf, timeAxis } from './over-time.ts';
import { axis, type Inks, lineLegend, OVER_TIME, TIME_TOOLTIP } from './theme.ts';

type Line = ChartDataset<'line', Point[]>;

const line = (label: string, colour: string, dash: number[], data: Point[]): Line => ({
  label,
  data,
  borderColor: colour,
  backgroundColor: colour,
  borderWidth: 2,
  borderDash: dash,
  pointRadius: 0,
  pointHitRadius: 6,
});

/**
 * A line a run and body: the body with audio solid, the one without dashed. One run alone also shows the other two ends, of
 * the body that the headline is about.
 */
export function drawJoinCurve(
  canvas: HTMLCanvasElement,
  { runs, body: headline }: PageData,
  inks: Inks,
): Chart {
  const bodies = [...new Set(runs.flatMap(({ charts }) => Object.keys(charts.joinCurve)))].sort().reverse();
  const [only] = runs;
  const isAlone = runs.length === 1;
  const ends = isAlone ? only?.charts.otherEnds[headline ?? ''] : undefined;
  const datasets = runs.flatMap(({ name, charts }, nth) => {
    const points = (shares: readonly number[]) => pointsOf(shares, charts.joinCurveStepMs / 1000, 100);
    const colour = isAlone ? END_COLOUR.in : runColour(nth);
    return [
      ...bodies
        .filter((body) => charts.joinCurve[body] !== undefined)
        .map((body) =>
          line(
            [isAlone ? 'in' : name, ...(bodies.length > 1 ? [body] : [])].join(', '),
            colour,
            bodies.indexOf(body) === 0 ? [] : [6, 4],
            points(charts.joinCurve[body] ?? []),
          ),
        ),
      ...(ends === undefined
        ? []
        : [
            line(`gave up, ${headline}`, END_COLOUR.gaveUp, [2, 3], points(ends.gaveUp)),
            line(`refused, ${headline}`, END_COLOUR.refused, [8, 3, 2, 3], points(ends.refused)),
          ]),
    ];
  });
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets },
    options: {
      ...OVER_TIME,
      scales: {
        x: { ...axis(inks, 's since the planned arrival'), type: 'linear', min: 0 },
        y: { ...axis(inks, '% of arrivals'), min: 0, max: 100 },
      },
      plugins: { legend: lineLegend(inks) },
    },
  });
  return chart as unknown as Chart;
}

/** A line a run over the night. */
function drawNightLines(
  canvas: HTMLCanvasElement,
  data: PageData,
  inks: Inks,
  unit: string,
  series: (run: PageData['runs'][number]) => Point[],
): Chart {
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: {
      datasets: data.runs.map((run, nth) => ({
        ...line(run.name, runColour(nth), [], series(run)),
        // A second between two holes would be no line at all.
        pointRadius: 1,
      })),
    },
    options: {
      ...OVER_TIME,
      scales: { x: timeAxis(data, inks), y: { ...axis(inks, unit), min: 0, suggestedMax: 1 } },
      plugins: { legend: lineLegend(inks), tooltip: TIME_TOOLTIP },
    },
    plugins: data.runs[0] === undefined ? [] : [momentMarks(data.runs[0].charts, inks)],
  });
  return chart as unknown as Chart;
}

export function drawInsideLoss(canvas: HTMLCanvasElement, data: PageData, inks: Inks): Chart {
  return drawNightLines(canvas, data, inks, '% of packets lost', ({ charts }) =>
    pointsOf(charts.inside.lossShare, data.stepSeconds, 100),
  );
}

export function drawInsideGap(canvas: HTMLCanvasElement, data: PageData, inks: Inks): Chart {
  return drawNightLines(canvas, data, inks, 'ms without a packet', ({ charts }) =>
    pointsOf(charts.inside.longestGapMs, data.stepSeconds),
  );
}
