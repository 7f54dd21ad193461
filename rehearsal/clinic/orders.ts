/** What the rehearsal and the part of a profile that is in the server's process have to know of each other. */
import { z } from 'zod';
import { CLINIC_TOOLS } from '../../reports/store/run-record.ts';

/** Environment variable with the settings, as JSON. */
export const PROFILE_ENV = 'ROOMRUSH_PROFILE';

/** In the run's `clinic/` folder, until clinic's page is drawn from them. */
export const HEAP_PROFILE_FILE = 'heap.heapprofile';
export const DOCTOR_SAMPLES_FILE = 'doctor-samples.json';
/** V8's traces of its garbage collections, in several files when they are long; clinic sorts them by this name. */
export const TRACE_FILES = 'node_trace.*.log';

export const inServerSchema = z.strictObject({
  tool: z.enum(CLINIC_TOOLS),
  dir: z.string().min(1).describe('where what is taken goes'),
  root: z.string().min(1).describe("the project's folder"),
  sampleEveryMs: z.number().positive().describe('how often the doctor looks'),
  nodeOptions: z.string().nullable().describe("the user's own NODE_OPTIONS"),
});
export type InServerSettings = z.infer<typeof inServerSchema>;
