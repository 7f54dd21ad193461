/**
 * The profile, as it is taken inside the server's process: from the order to begin until the order to stop, or until the
 * server ends. What was taken is left in the run's `clinic/` folder.
 *
 * clinic's own collectors begin with a process and end with it, and a surge does neither. So the same sources are read here:
 * V8's profilers through the inspector, and for the doctor clinic's own look at a process, every so often. What is made of
 * them, and drawn, is clinic's (draw.child.ts), after the night.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import path from 'node:path';
import { createTracing, type Tracing } from 'node:trace_events';
import { z } from 'zod';
import { CPU_PROFILE_FILE, type ProfileWindow, WINDOW_FILE } from '../../reports/profile-schema.ts';
import {
  DOCTOR_SAMPLES_FILE,
  HEAP_PROFILE_FILE,
  type InServerSettings,
  inServerSchema,
  PROFILE_ENV,
} from './orders.ts';
import { findClinic } from './packages.ts';

/** V8's own step. A finer one costs the server more than it tells. */
const CPU_STEP_US = 1_000;
/** As clinic's heap profiler: one allocation in so many bytes, on the average. */
const HEAP_STEP_BYTES = 32_768;

const orderSchema = z.strictObject({ type: z.literal('profile'), what: z.enum(['start', 'stop']) });

/** One source of a profile: begun here, written by `finish`. */
type Source = { readonly finish: () => void };

/** Listens for orders of the process that started this one, where it told what to profile. */
export function obeyOrders(): void {
  const told = process.env[PROFILE_ENV];
  if (told === undefined) return;
  const settings = inServerSchema.parse(JSON.parse(told));
  // What the server starts is not profiled.
  delete process.env[PROFILE_ENV];
  if (settings.nodeOptions === null) delete process.env['NODE_OPTIONS'];
  else process.env['NODE_OPTIONS'] = settings.nodeOptions;
  let finish: ((endedBy: ProfileWindow['endedBy']) => void) | null = null;
  const carefully = (what: () => void): void => {
    try {
      what();
    } catch (error) {
      // A profile that cannot be taken, or written to a full disk, must not end the server.
      console.error(`the profile: ${error instanceof Error ? error.message : error}`);
    }
  };
  process.on('message', (message) => {
    const order = orderSchema.safeParse(message);
    if (!order.success) return;
    carefully(() => {
      if (order.data.what === 'start') finish ??= begin(settings);
      else finish?.('order');
    });
  });
  process.on('exit', () => carefully(() => finish?.('exit')));
}

function begin(settings: InServerSettings): (endedBy: ProfileWindow['endedBy']) => void {
  const { tool, dir, root } = settings;
  mkdirSync(dir, { recursive: true });
  // The CPU's first and last: whatever else is taken is seen in it.
  const sources = [
    cpuSource(dir),
    ...(tool === 'heapprofiler' ? [heapSource(dir)] : []),
    ...(tool === 'doctor' ? [doctorSource(dir, settings.sampleEveryMs)] : []),
  ];
  const startNs = process.hrtime.bigint();
  const processBefore = process.cpuUsage();
  const threadBefore = process.threadCpuUsage();
  let isOver = false;
  return (endedBy) => {
    if (isOver) return;
    isOver = true;
    const window: ProfileWindow = {
      schema: 'roomrush/profile-window@1',
      root,
      startNs: String(startNs),
      endNs: String(process.hrtime.bigint()),
      processCpuMs: sumMs(process.cpuUsage(processBefore)),
      mainThreadCpuMs: sumMs(process.threadCpuUsage(threadBefore)),
      endedBy,
    };
    for (const source of sources) source.finish();
    writeFileSync(path.join(dir, WINDOW_FILE), `${JSON.stringify(window, null, 2)}\n`);
  };
}

function sumMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function cpuSource(dir: string): Source {
  const session = connected();
  ask(session, 'Profiler.enable');
  ask(session, 'Profiler.setSamplingInterval', { interval: CPU_STEP_US });
  ask(session, 'Profiler.start');
  return {
    finish: () => {
      write(dir, CPU_PROFILE_FILE, ask(session, 'Profiler.stop'));
      session.disconnect();
    },
  };
}

function heapSource(dir: string): Source {
  const session = connected();
  ask(session, 'HeapProfiler.startSampling', { samplingInterval: HEAP_STEP_BYTES });
  return {
    finish: () => {
      write(dir, HEAP_PROFILE_FILE, ask(session, 'HeapProfiler.stopSampling'));
      session.disconnect();
    },
  };
}

type ProcessStat = { refresh(): void; sample(): object };

/** What the doctor looks at: the process every few ms, and V8's own trace of its garbage collections. */
function doctorSource(dir: string, everyMs: number): Source {
  const Stat = findClinic('doctor').load('@clinic/doctor/collect/process-stat.js') as new (
    everyMs: number,
  ) => ProcessStat;
  const stat = new Stat(everyMs);
  const tracing: Tracing = createTracing({ categories: ['v8'] });
  tracing.enable();
  const samples: object[] = [];
  // One after the other, as clinic does: a loop that stands still makes no heap of them.
  let timer: NodeJS.Timeout;
  const look = () => {
    samples.push(stat.sample());
    stat.refresh();
    next();
  };
  const next = () => {
    timer = setTimeout(look, everyMs).unref();
  };
  stat.refresh();
  next();
  return {
    finish: () => {
      clearTimeout(timer);
      tracing.disable();
      writeFileSync(path.join(dir, DOCTOR_SAMPLES_FILE), JSON.stringify(samples));
    },
  };
}

function connected(): Session {
  const session = new Session();
  session.connect();
  return session;
}

/** Asks V8 in this thread, which answers before `post` returns: so it works at a process's exit too. */
function ask(session: Session, method: string, parameters: object = {}): unknown {
  let answer: { readonly error: Error | null; readonly result: unknown } | undefined;
  session.post(method, parameters, (error: Error | null, result?: object) => {
    answer = { error, result };
  });
  if (answer === undefined) throw new Error(`${method} was not answered`);
  if (answer.error !== null) throw answer.error;
  return answer.result;
}

/** Both profilers answer with `{ profile }`. */
function write(dir: string, name: string, answer: unknown): void {
  writeFileSync(path.join(dir, name), JSON.stringify((answer as { readonly profile: object }).profile));
}
