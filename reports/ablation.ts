/** What each feature contributes: the naive build with one feature mended at a time, kept as data. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

export const ablationSchema = z.strictObject({
  schema: z.literal('roomrush/ablation@1'),
  scenario: z.string(),
  profile: z.string(),
  seed: z.int(),
  scale: z.number(),
  measuredAt: z.string().describe('ISO date'),
  machine: z.strictObject({ cpuModel: z.string(), cores: z.int() }),
  rows: z.array(
    z.strictObject({
      mended: z.string().nullable().describe('null: the naive build as it is'),
      result: z.enum(['pass', 'fail', 'void']),
      serverCpuSeconds: z.number(),
      ejectionsInvoluntary: z.int(),
      stranded: z.int(),
      neverInShare: z.number().nullable(),
      rejoinAttempts: z.int(),
    }),
  ),
});
export type Ablation = z.infer<typeof ablationSchema>;

/** The ablation that was measured for a scenario; null when there is none. */
export function readAblation(scenario: string): Ablation | null {
  const file = new URL(`./ablation/${encodeURIComponent(scenario)}.json`, import.meta.url);
  if (!existsSync(file)) return null;
  return ablationSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
