/**
 * The machine watched from outside, by /proc: CPU and memory of every process of a run, how busy each core is
 * and how much of it goes to processes that are none of ours. A process that stalls cannot report its own
 * stall; this can.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in ticks of 10 ms in /proc, whatever the kernel's own timer does (proc(5)). */
const MS_PER_TICK = 10;
const PAGE_BYTES = 4096;

export type ProcessTimes = { readonly cpuMs: number; readonly rssBytes: number; readonly lastCore: number };

/** CPU time used so far, resident memory and last core of a process; null when it has ended. */
export function readProcess(pid: number): ProcessTimes | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
  // The command stands in parentheses and may hold spaces; what follows is regular (proc(5), field 3 onwards).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    cpuMs: (field(14) + field(15)) * MS_PER_TICK,
    rssBytes: field(24) * PAGE_BYTES,
    lastCore: field(39),
  };
}

/**
 * CPU time of the threads that a process has now, ms, to the microsecond; null: the kernel does not tell, or the process
 * has ended. A thread that ends takes its time with it. One file a thread: not for programs of hundreds of them.
 */
export function readThreadsCpuMs(pid: number): number | null {
  try {
    const ns = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]),
    );
    return ns.reduce((sum, one) => sum + one, 0) / 1e6;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** Processes that this one started and that still run. */
export function readChildren(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Those, and what they started in turn. */
export function readDescendants(pid: number): readonly number[] {
  return readChildren(pid).flatMap((child) => [child, ...readDescendants(child)]);
}

export type CoreTimes = { readonly busyMs: number; readonly totalMs: number };

/** Busy and total time of each core so far. Time stolen by the hypervisor counts as busy: it is not ours to use. */
export function readCores(): readonly CoreTimes[] {
  return readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .filter((line) => /^cpu\d/.test(line))
    .map((line) => {
      const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
      const total = ticks.reduce((sum, tick) => sum + tick, 0);
      const idle = ticks[3]! + ticks[4]!;
      return { busyMs: (total - idle) * MS_PER_TICK, totalMs: total * MS_PER_TICK };
    });
}

/** CPU time so far of every process of the machine but the given ones, by the core it ran on last. */
export function readForeign(ours: ReadonlySet<number>): ReadonlyMap<number, ProcessTimes> {
  const foreign = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || ours.has(pid)) continue;
    const times = readProcess(pid);
    // A kernel thread (no memory of its own) works for whoever caused its work: mostly us.
    if (times !== null && times.rssBytes > 0) foreign.set(pid, times);
  }
  return foreign;
}

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ESRCH';
}
