/**
 * The page's script: draws the charts from the data in the page, again when the reader's colours change, and in ink on paper
 * while it is printed.
 */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import { drawCauses, drawComebacks, drawPhases } from './bars.ts';
import { drawCrowd, drawRooms } from './crowd.ts';
import type { PageData } from './data.ts';
import { drawInsideGap, drawInsideLoss, drawJoinCurve } from './lines.ts';
import { openForPrint } from './print.ts';
import { drawLoad, drawLosses } from './stacks.ts';
import { type Inks, PAPER_INKS, readInks } from './theme.ts';

Chart.register(
  ...[BarController, BarElement, LineController, LineElement, PointElement],
  ...[CategoryScale, LinearScale, LogarithmicScale, Filler, Legend, Tooltip],
);

const data = JSON.parse(
  document.getElementById('report-data')?.textContent ?? '{"runs":[],"stepSeconds":1,"body":null}',
) as PageData;
let charts: Chart[] = [];

function draw(inks: Inks): void {
  for (const chart of charts) chart.destroy();
  charts = [
    ...data.runs.flatMap((run, nth) => [
      ...on(`crowd-${nth}`, (canvas) => drawCrowd(canvas, run, data, inks)),
      ...on(`rooms-${nth}`, (canvas) => drawRooms(canvas, run, data, inks)),
      ...on(`losses-${nth}`, (canvas) => drawLosses(canvas, run, data, inks)),
      ...on(`load-${nth}`, (canvas) => drawLoad(canvas, run, data, inks)),
    ]),
    ...on('causes', (canvas) => drawCauses(canvas, data.runs, inks)),
    ...on('comebacks', (canvas) => drawComebacks(canvas, data.runs, inks)),
    ...on('join-curve', (canvas) => drawJoinCurve(canvas, data, inks)),
    ...on('phases', (canvas) => drawPhases(canvas, data.runs, inks)),
    ...on('inside-loss', (canvas) => drawInsideLoss(canvas, data, inks)),
    ...on('inside-gap', (canvas) => drawInsideGap(canvas, data, inks)),
  ];
  document.documentElement.dataset['charts'] = String(charts.length);
}

/** A page leaves out the charts that would be empty. */
function on(id: string, drawOn: (canvas: HTMLCanvasElement) => Chart): Chart[] {
  const found = document.getElementById(id);
  return found instanceof HTMLCanvasElement ? [drawOn(found)] : [];
}

draw(readInks());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => draw(readInks()));
openForPrint({ before: () => draw(PAPER_INKS), after: () => draw(readInks()) });
