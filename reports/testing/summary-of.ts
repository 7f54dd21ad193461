/** Measures a run written by hand and takes its folder away again. */

import type { Charts } from '../charts.ts';
import { readCharts } from '../charts.ts';
import { summarise } from '../index.ts';
import type { Summary } from '../summary-schema.ts';
import { type HandRun, removeRun, writeHandRun } from './hand-log.ts';

export async function summaryOf(run: HandRun): Promise<Summary> {
  return (await measuredOf(run)).summary;
}

export async function measuredOf(
  run: HandRun,
): Promise<{ readonly summary: Summary; readonly charts: Charts }> {
  const runDir = await writeHandRun(run);
  try {
    return { summary: await summarise(runDir), charts: readCharts(runDir) };
  } finally {
    removeRun(runDir);
  }
}
