/**
 * A profile of the server over a night's surge: what its process is started with, when it is told to begin and to stop, and
 * what clinic draws of it once the night is over.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '../../errors.ts';
import {
  CLINIC_FOLDER,
  type ClinicPage,
  clinicPageSchema,
  PAGE_FILE,
  WINDOW_FILE,
} from '../../reports/profile-schema.ts';
import type { ClinicTool } from '../../reports/store/run-record.ts';
import { type NightTimes, nightTimes, type Scenario } from '../../scenarios/schema.ts';
import { type InServerSettings, PROFILE_ENV, TRACE_FILES } from './orders.ts';
import { findClinic } from './packages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IN_SERVER = new URL('./in-server.ts', import.meta.url);
const DRAW = fileURLToPath(new URL('./draw.child.ts', import.meta.url));

/** Beginning costs the server some ms, which are not the surge's. */
const LEAD_MS = 500;
/** As clinic; and no more looks than its doctor can think about in some seconds, as it compares them all with all. */
const SAMPLE_EVERY_MS = 10;
const SAMPLES_MAX = 6_000;
const DRAW_MS_MAX = 180_000;

/**
 * Refuses a profile that cannot be taken.
 *
 * @throws UsageError when the server is not ours to profile; NotReadyError when clinic is not installed.
 */
export function checkProfiler(tool: ClinicTool, target: string | null): void {
  if (target !== null) {
    throw new UsageError(
      'profile-needs-server',
      `a profile with clinic ${tool} was asked for, but the target is not ours: it is started by whoever owns it`,
      'leave out --target, or profile that server with tools of its own',
    );
  }
  findClinic(tool);
}

/** When the server is told to begin and to stop, in ms of the night: the surge's own part of it. */
export function profileTimes({ surgeStartMs, surgeEndMs }: Pick<NightTimes, 'surgeStartMs' | 'surgeEndMs'>): {
  readonly startMs: number;
  readonly stopMs: number;
} {
  return { startMs: Math.max(0, surgeStartMs - LEAD_MS), stopMs: surgeEndMs };
}

/** Environment of a server that is to be profiled. */
export function profileEnvironment(
  tool: ClinicTool,
  runDir: string,
  scenario: Scenario,
  own: string | undefined = process.env['NODE_OPTIONS'],
): Readonly<Record<string, string>> {
  const { startMs, stopMs } = profileTimes(nightTimes(scenario));
  const dir = path.resolve(runDir, CLINIC_FOLDER);
  const settings: InServerSettings = {
    ...{ tool, dir, root: ROOT, nodeOptions: own ?? null },
    sampleEveryMs: Math.max(SAMPLE_EVERY_MS, Math.ceil((stopMs - startMs) / SAMPLES_MAX)),
  };
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Node puts the number of the file there.
  const traces = path.join(dir, TRACE_FILES.replace('*', '${rotation}'));
  const options = [
    own ?? '',
    `--import=${pathToFileURL(fileURLToPath(IN_SERVER)).href}`,
    // Where V8 writes when the doctor asks for its traces; without it, into the folder that roomrush was started in.
    tool === 'doctor'
      ? `"--trace-event-file-pattern=${traces.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
      : '',
  ];
  return {
    NODE_OPTIONS: options.filter((option) => option !== '').join(' '),
    [PROFILE_ENV]: JSON.stringify(settings),
  };
}

/**
 * Has clinic draw its page of what was taken, and writes down where it is or why there is none. A page that cannot be drawn
 * costs the run nothing but itself.
 *
 * @param stop gives the drawing up; of a night that was stopped before it is drawn what was taken until then.
 */
export async function drawClinicPage(
  tool: ClinicTool,
  runDir: string,
  stop: AbortSignal,
): Promise<ClinicPage> {
  const dir = path.resolve(runDir, CLINIC_FOLDER);
  const page = `${tool}.html`;
  mkdirSync(dir, { recursive: true });
  // That the server wrote nothing is seen by whoever reads the folder: here it only means that there is nothing to draw.
  const isTaken = existsSync(path.join(dir, WINDOW_FILE));
  const problem = isTaken ? await draw({ tool, dir, page }, stop) : null;
  const drawn: ClinicPage = clinicPageSchema.parse({
    schema: 'roomrush/clinic-page@1',
    tool,
    version: findClinic(tool).version,
    page: isTaken && problem === null ? page : null,
    problem,
  });
  writeFileSync(path.join(dir, PAGE_FILE), `${JSON.stringify(drawn, null, 2)}\n`);
  return drawn;
}

/** Null: it is drawn. */
function draw(settings: object, stop: AbortSignal): Promise<string | null> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', DRAW, JSON.stringify(settings)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NO_INSIGHT: '1', NO_UPDATE_NOTIFIER: '1' },
      timeout: DRAW_MS_MAX,
      killSignal: 'SIGKILL',
      ...(stop.aborted ? {} : { signal: stop }),
    },
  );
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise<string | null>((resolve) => {
    child.once('error', (error) =>
      resolve(
        stop.aborted ? 'it was stopped while clinic drew' : `clinic could not be started: ${error.message}`,
      ),
    );
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(null);
      if (signal === 'SIGKILL') return resolve(`clinic had not drawn within ${DRAW_MS_MAX / 1000} s`);
      const complaint = said.split('\n').find((line) => /error/i.test(line)) ?? '';
      resolve(`clinic failed (${code ?? signal}) ${complaint.trim()}`.trim());
    });
  }).finally(() => process.removeListener('exit', onExit));
}
