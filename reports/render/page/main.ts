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
    ...data.runs.map((run, nth) => drawCrowd(canvas(`crowd-${nth}`), run, data.runs, inks)),
    drawJoinCurve(canvas('join-curve'), data.runs, inks),
    drawCauses(canvas('causes'), data.runs, inks),
    drawComebacks(canvas('comebacks'), data.runs, inks),
    drawLoad(canvas('load'), data.runs, inks),
  ];
  document.documentElement.dataset['charts'] = String(charts.length);
}

function canvas(id: string): HTMLCanvasElement {
  const found = document.getElementById(id);
  if (found instanceof HTMLCanvasElement) return found;
  throw new Error(`expected a canvas ${id} in the page`);
}

draw();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
