/**
 * A profiled run: what its `clinic/` folder holds, and what of it goes into `summary.json`. The folder's files are written
 * by the server's process (what was taken) and by the rehearsal (what became of it), and read here.
 */
import { z } from 'zod';
import { CLINIC_TOOLS } from './store/run-record.ts';

/** Folder of a run with all that its profiler left. */
export const CLINIC_FOLDER = 'clinic';
/** In it: V8's CPU profile of the server's main thread, for the report and for any tool that reads such files. */
export const CPU_PROFILE_FILE = 'cpu.cpuprofile';
/** In it: from when to when was profiled. */
export const WINDOW_FILE = 'window.json';
/** In it: the page that clinic drew, or why there is none. */
export const PAGE_FILE = 'page.json';

/** Parts of the server that CPU is charged to. */
export const SERVER_MODULES = [
  'signalling',
  'presence',
  'admission',
  'rooms',
  'mediaControl',
  'log',
  'gc',
  'native',
  'other',
] as const;
export type ServerModule = (typeof SERVER_MODULES)[number];

const frameSchema = z.object({
  functionName: z.string(),
  url: z.string(),
  lineNumber: z.int().describe('from 0; -1: none'),
  columnNumber: z.int(),
});
/** A function of a profile, as V8 names it. */
export type CallFrame = Readonly<z.infer<typeof frameSchema>>;

/** V8's CPU profile, as far as it is read here. */
export const cpuProfileSchema = z.object({
  nodes: z
    .array(
      z.object({
        id: z.int(),
        callFrame: frameSchema,
        hitCount: z.int().min(0).default(0),
        children: z.array(z.int()).default([]),
      }),
    )
    .min(1),
  startTime: z.number().describe('microseconds of the monotonic clock'),
  endTime: z.number(),
  samples: z.array(z.int()).describe('the node that was on top, by its id'),
  timeDeltas: z
    .array(z.number())
    .describe('microseconds since the sample before; the first: since startTime'),
});
export type CpuProfile = z.infer<typeof cpuProfileSchema>;

export const profileWindowSchema = z.strictObject({
  schema: z.literal('roomrush/profile-window@1'),
  root: z.string().min(1).describe("the project's folder, by which its own files are told from others"),
  startNs: z.string().regex(/^\d+$/).describe("on the log's clock"),
  endNs: z.string().regex(/^\d+$/),
  processCpuMs: z.number().min(0).describe('CPU of all threads of the server in that time'),
  mainThreadCpuMs: z.number().min(0).describe('of these, of the thread that was profiled'),
  endedBy: z.enum(['order', 'exit']).describe('exit: the server ended before it was told to stop profiling'),
});
export type ProfileWindow = z.infer<typeof profileWindowSchema>;

export const clinicPageSchema = z.strictObject({
  schema: z.literal('roomrush/clinic-page@1'),
  tool: z.enum(CLINIC_TOOLS),
  version: z.string().describe('of clinic'),
  page: z
    .string()
    .regex(/^[a-z-]+\.html$/)
    .nullable()
    .describe('file in this folder; null: none was drawn'),
  problem: z.string().nullable().describe('why not'),
});
export type ClinicPage = z.infer<typeof clinicPageSchema>;

const charged = { cpuMs: z.number().min(0), share: z.number().min(0).describe('of mainThreadMs') };

/** `run.profiler` of a summary. */
export const profilerSchema = z.strictObject({
  tool: z.enum(CLINIC_TOOLS),
  page: z.string().nullable().describe("clinic's page, from the run's folder; null: none was drawn"),
  problem: z.string().nullable().describe('what is missing, and why'),
});

/** `server.cpuByModule` of a summary. */
export const cpuByModuleSchema = z.strictObject({
  fromMs: z.number().describe('from the start of the night'),
  toMs: z.number(),
  samples: z.int().min(0).describe('stacks that were seen at work'),
  processMs: z.number().min(0).describe("CPU of the server's process in that time, all of its threads"),
  mainThreadMs: z.number().min(0).describe('of these, of the thread that all modules share'),
  otherThreadsMs: z
    .number()
    .min(0)
    .describe('the rest: the collector and the compiler at work beside it, the voice'),
  workerMs: z
    .number()
    .min(0)
    .nullable()
    .describe('CPU of the media worker meanwhile, from /proc; null: none'),
  modules: z.record(z.enum(SERVER_MODULES), z.strictObject(charged)),
  functions: z
    .array(
      z.strictObject({
        name: z.string(),
        file: z.string().describe("from the project's folder"),
        line: z.int().min(0),
        module: z.enum(SERVER_MODULES),
        ...charged,
      }),
    )
    .max(10)
    .describe('of the server, with what they called in Node and in packages; the dearest first'),
});
export type CpuByModule = z.infer<typeof cpuByModuleSchema>;
