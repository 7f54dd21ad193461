/** What the process of the browser listeners is told at its start. */
import { z } from 'zod';
import { crowdShape } from '../../swarm/config.ts';

export const browserConfigSchema = z.strictObject({
  ...crowdShape,
  chromium: z.string().describe('the program'),
  screens: z
    .array(z.strictObject({ atMs: z.number().min(0), moment: z.string().regex(/^[a-z0-9-]+$/) }))
    .describe('when a picture is taken of the first incumbent and of the first who arrives'),
});
export type BrowserConfig = z.infer<typeof browserConfigSchema>;
