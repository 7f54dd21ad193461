/** What the process that runs k6 is told at its start. */
import { z } from 'zod';
import { crowdShape } from '../../swarm/config.ts';

export const k6ConfigSchema = z.strictObject({
  ...crowdShape,
  k6: z.string().nullable().describe('the program; null: none was found, and there are no k6 listeners'),
});
export type K6Config = z.infer<typeof k6ConfigSchema>;
