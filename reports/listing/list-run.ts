/** The line of a run's folder, whole or not. */
import { z } from 'zod';
import { buildText } from '../render/run-to-show.ts';
import { measureAgain } from '../store/run-folder.ts';
import { buildShape, type Folder, pageOf, readLoosely, resultSchema } from './folder.ts';
import { type Listed, NOTHING_KNOWN } from './listed.ts';

const recordSchema = z.object({
  schema: z.literal('roomrush/run@1'),
  scenario: z.string(),
  seed: z.number(),
  scale: z.number(),
  ...buildShape,
  startedAt: z.string(),
  status: z.enum(['running', 'finished', 'interrupted']),
  profiler: z.string().nullable().default(null),
});

const summarySchema = z.object({
  schema: z.literal('roomrush/summary@1'),
  run: z.object({ title: z.string() }),
  crowd: z.object({ planned: z.number() }),
  verdict: z.object({ result: resultSchema, reasons: z.array(z.string()) }),
});

/** What a measured run has. */
const FILES = ['scenario.json', 'plan.csv', 'events', 'summary.json', 'report.html'];

/** @throws UsageError when one of its files is there and cannot be read. */
export function listRun(folder: Folder): Listed {
  const record = readLoosely(folder, 'run.json', recordSchema, "a run's record");
  const missing = FILES.filter((name) => !folder.names.includes(name));
  const about = {
    ...NOTHING_KNOWN,
    kind: 'run',
    folder: folder.folder,
    night: record.scenario,
    build: `${buildText(record)}${record.profiler === null ? '' : `, profiled with clinic ${record.profiler}`}`,
    seed: record.seed,
    scale: record.scale,
    startedAt: record.startedAt,
    missing,
    isDamaged: missing.length > 0,
    page: pageOf(folder, 'report.html'),
  } as const;
  if (missing.includes('summary.json')) {
    const why = {
      running: 'it is still on, or it was killed',
      finished: 'it ended and was not measured',
      interrupted: 'it was interrupted and not measured',
    }[record.status];
    return {
      ...about,
      verdict: 'not measured',
      reasons: [why, `to measure it: ${measureAgain(folder.dir)}`],
    };
  }
  const { run, crowd, verdict } = readLoosely(folder, 'summary.json', summarySchema, "a run's summary");
  return {
    ...about,
    night: run.title,
    people: crowd.planned,
    verdict: verdict.result,
    tone: verdict.result,
    reasons: verdict.result === 'pass' ? [] : verdict.reasons,
  };
}
