/**
 * What a summary says of a profiled run: with which tool, where its page is, and whose CPU the server's was. Everything is
 * read from what lies in the run's folder, so that a run can be measured again like any other.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { UsageError } from '../errors.ts';
import { chargeSamples } from './profile-attribution.ts';
import {
  CLINIC_FOLDER,
  CPU_PROFILE_FILE,
  type CpuByModule,
  type CpuProfile,
  clinicPageSchema,
  cpuProfileSchema,
  PAGE_FILE,
  type ProfileWindow,
  profileWindowSchema,
  SERVER_MODULES,
  WINDOW_FILE,
} from './profile-schema.ts';
import type { RunStore } from './store/open-run.ts';
import type { Summary } from './summary-schema.ts';

const FUNCTIONS_MAX = 10;

export type RunProfile = {
  readonly profiler: Summary['run']['profiler'];
  readonly cpuByModule: CpuByModule | null;
};

/** Of a run that was not profiled both are null. What is missing or broken in the folder is a problem, and said. */
export async function readProfile(store: RunStore): Promise<RunProfile> {
  const tool = store.record.profiler;
  if (tool === null) return { profiler: null, cpuByModule: null };
  const folder = path.join(store.runDir, CLINIC_FOLDER);
  const window = readFile(folder, WINDOW_FILE, profileWindowSchema);
  const profile = readFile(folder, CPU_PROFILE_FILE, cpuProfileSchema);
  const drawn = readFile(folder, PAGE_FILE, clinicPageSchema);
  const problems = [
    window === null || profile === null
      ? 'the server ended without writing what was taken of it, or before its surge'
      : null,
    drawn === null ? 'clinic had not drawn its page when the rehearsal ended' : drawn.problem,
  ].filter((problem) => problem !== null);
  const file = drawn?.page ?? null;
  return {
    profiler: {
      tool,
      page: file !== null && existsSync(path.join(folder, file)) ? `${CLINIC_FOLDER}/${file}` : null,
      problem: problems.length === 0 ? null : problems.join('; '),
    },
    cpuByModule: window === null || profile === null ? null : await cpuByModule(store, window, profile),
  };
}

/** Null: not there, or half of one. */
function readFile<Value>(folder: string, name: string, schema: z.ZodType<Value>): Value | null {
  const file = path.join(folder, name);
  if (!existsSync(file)) return null;
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A sample knows the clock and not the CPU, so that the thread's CPU is shared out by the samples. */
async function cpuByModule(
  store: RunStore,
  window: ProfileWindow,
  profile: CpuProfile,
): Promise<CpuByModule> {
  const { startNs, endNs, processCpuMs, mainThreadCpuMs, root } = window;
  const { samples, busyUs, byModule, functions } = chargeSamples(profile, root);
  const charged = (us: number) => {
    const share = busyUs === 0 ? 0 : us / busyUs;
    return { cpuMs: share * mainThreadCpuMs, share };
  };
  const [row] = await store.query(meanwhile(startNs, endNs));
  return {
    fromMs: Number(row!['fromMs']),
    toMs: Number(row!['toMs']),
    samples,
    processMs: processCpuMs,
    mainThreadMs: mainThreadCpuMs,
    otherThreadsMs: Math.max(0, processCpuMs - mainThreadCpuMs),
    workerMs: row!['workerMs'] === null ? null : Number(row!['workerMs']),
    modules: Object.fromEntries(
      SERVER_MODULES.map((module) => [module, charged(byModule.get(module) ?? 0)]),
    ) as CpuByModule['modules'],
    functions: functions
      .slice(0, FUNCTIONS_MAX)
      .map(({ name, file, line, module, us }) => ({ name, file, line, module, ...charged(us) })),
  };
}

/** A reading covers the second before it; of those at the ends, as much counts as lies within. */
function meanwhile(startNs: string, endNs: string): string {
  const within = `greatest(0, least(t_ns, ${endNs}) - greatest(t_ns - 1000000000, ${startNs})) / 1e9`;
  return `SELECT (${startNs} - start_ns) / 1e6 AS "fromMs", (${endNs} - start_ns) / 1e6 AS "toMs",
    (SELECT sum(value * ${within}) FROM events WHERE type = 'cpu' AND cause = 'worker') AS "workerMs"
    FROM night`;
}

/**
 * A profiled server pays for its profiler, so that no figure of its run stands for one without.
 *
 * @param what would have used it: a gate, a comparison, a search for the capacity.
 * @throws UsageError when the run was profiled.
 */
export function refuseProfiled(id: string, tool: string | null, what: string): void {
  if (tool === null) return;
  throw new UsageError(
    'profiled-run',
    `expected runs without a profiler for ${what}, but ${id} was profiled with clinic ${tool}, which costs CPU itself`,
    'play that night again without --clinic; to look at profiled runs side by side: roomrush report <run> <run>',
  );
}
