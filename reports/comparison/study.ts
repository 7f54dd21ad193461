/**
 * `study.json`: the study of admission policies as data, small enough to be kept in `docs/study`: of each run what is
 * compared and no more. Everything that the page says is computed from it.
 */
import { z } from 'zod';
import type { Summary } from '../summary-schema.ts';
import { measuredRun, measuresOf, type Place } from './from-runs.ts';
import { comparedMeasures } from './measures.ts';
import { comparePolicies } from './policies.ts';
import type { PoliciesCompared } from './schema.ts';

const studyRunSchema = z.strictObject({
  policy: z.string(),
  seed: z.int(),
  role: z.enum(['compared', 'probe']),
  again: z.boolean(),
  result: z.enum(['pass', 'fail', 'void']),
  partial: z.boolean(),
  reasons: z.array(z.string()),
  figures: z.record(z.string(), z.number().nullable()),
});

const studyNightSchema = z.strictObject({
  night: z.string(),
  title: z.string(),
  bound: z.string().describe('what this night exhausts first'),
  features: z.array(z.string()),
  scale: z.number(),
  timeScale: z.number(),
  people: z.int(),
  seats: z.int(),
  nightMs: z.number(),
  headlineBody: z.string(),
  policies: z.array(z.string()),
  seeds: z.array(z.int()),
  runs: z.array(studyRunSchema),
});
export type StudyNight = z.infer<typeof studyNightSchema>;

export const studySchema = z.strictObject({
  schema: z.literal('roomrush/study@1'),
  measuredAt: z.string().describe('ISO date'),
  machine: z.strictObject({ cpuModel: z.string(), cores: z.int(), memoryBytes: z.number() }),
  versions: z.record(z.string(), z.string()),
  nights: z.array(studyNightSchema),
});
export type Study = z.infer<typeof studySchema>;

/** What of a night's runs goes into the study. */
export function studyRuns(
  runs: readonly { readonly place: Place; readonly summary: Summary }[],
): Pick<StudyNight, 'runs' | 'headlineBody'> {
  const measures = measuresOf(runs.map(({ summary }) => summary));
  const latency = measures.find(({ path }) => path.startsWith('joinLatencyMs.'))!;
  return {
    headlineBody: latency.path.split('.')[1]!,
    runs: runs.map(({ place, summary }) => {
      const { reasons, ...run } = measuredRun(place, summary, measures);
      return { ...run, reasons: [...reasons] };
    }),
  };
}

export function comparedIn({ policies, seeds, headlineBody, runs }: StudyNight): PoliciesCompared {
  return comparePolicies(policies, seeds, comparedMeasures(headlineBody), runs);
}
