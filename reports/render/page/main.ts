/** The page's script: draws the charts from the data in the page, and again when the reader's colours change. */
import type { Chart } from 'chart.js';
import { drawCauses, drawComebacks } from './bars.ts';
import { drawCrowd } from './crowd.ts';
import type { PageData } from './data.ts';
import { drawJoinCurve, drawLoad } from './lines.ts';
import { readInks } from './theme.ts';

const data = JSON.parse(document.getElementById('report-data')?.textContent ?? '{"runs":[]}') as PageData;
let charts: Chart[] = [];

function draw(): void {
  for (const chart of charts) chart.destroy();
  const inks = readInks();
  charts = [
    ...data.runs.map((run, nth) => on(`crowd-${nth}`, (canvas) => drawCrowd(canvas, run, data.runs, inks))),
    on('join-curve', (canvas) => drawJoinCurve(canvas, data.runs, inks)),
    on('causes', (canvas) => drawCauses(canvas, data.runs, inks)),
    on('comebacks', (canvas) => drawComebacks(canvas, data.runs, inks)),
    on('load', (canvas) => drawLoad(canvas, data.runs, inks)),
  ].flat();
  document.documentElement.dataset['charts'] = String(charts.length);
}

/** A page leaves out the charts that would be empty. */
function on(id: string, drawOn: (canvas: HTMLCanvasElement) => Chart): Chart[] {
  const found = document.getElementById(id);
  return found instanceof HTMLCanvasElement ? [drawOn(found)] : [];
}

draw();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
