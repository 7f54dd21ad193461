/**
 * Watches a run from outside, once a second, and writes what it sees into the event log: CPU and memory of
 * every process, how busy each core is, the CPU that goes to processes that are none of ours, and what the kernel
 * threw away meanwhile.
 */
import type { EventWriter } from '../../events/writer.ts';
import { CpuMeter, type Watched } from './cpu-meter.ts';
import { clockStepMs, grownBy, lookAtClocks, readKernelCounters } from './kernel.ts';
import { type CoreTimes, type ProcessTimes, readCores, readForeign } from './proc.ts';

const EVERY_MS = 1000;

export type WatchSample = {
  /** Since the sample before: a second, or more where the machine was busy. */
  readonly elapsedMs: number;
  /** CPU time of each process in that time, ms; of several of one name, such as media workers, together. */
  readonly cpuMs: ReadonlyMap<string, number>;
  readonly coreBusyShare: readonly number[];
  readonly foreignCpuShare: readonly number[];
};
export type Watcher = { readonly stop: () => void };

/**
 * Starts watching. Only Linux has /proc: elsewhere nothing is written, and the verdict says that the
 * generator's own evidence is partial.
 *
 * @param parts the processes of the run, asked for anew each second, as a media worker may be replaced.
 * @param onSample called each second; null: there is no /proc.
 */
export function startWatcher(
  log: EventWriter,
  parts: () => readonly Watched[],
  onSample: (sample: WatchSample | null) => void,
): Watcher {
  if (process.platform !== 'linux') {
    const seconds = setInterval(() => onSample(null), EVERY_MS);
    return { stop: () => clearInterval(seconds) };
  }
  const meter = new CpuMeter();
  let coresBefore: readonly CoreTimes[] = readCores();
  let foreignBefore = readForeign(new Set(parts().map((part) => part.pid)));
  let kernelBefore = readKernelCounters();
  let clocksBefore = lookAtClocks();
  let atNs = process.hrtime.bigint();

  const look = () => {
    const nowNs = process.hrtime.bigint();
    const elapsedMs = Number(nowNs - atNs) / 1e6;
    atNs = nowNs;
    const watched = parts();

    const { cpuMs, rssBytes } = meter.look(watched);
    for (const [name, used] of cpuMs) log.row('cpu', null, null, null, null, name, used);
    for (const [name, bytes] of rssBytes) log.row('rss', null, null, null, null, name, bytes);

    const cores = readCores();
    const coreBusyShare = cores.map((core, index) => {
      const earlier = coresBefore[index] ?? { busyMs: 0, totalMs: 0 };
      return (core.busyMs - earlier.busyMs) / Math.max(1, core.totalMs - earlier.totalMs);
    });
    coresBefore = cores;
    for (const [core, share] of coreBusyShare.entries()) {
      log.row('core-busy', null, null, null, null, `core-${core}`, share);
    }

    const foreign = readForeign(new Set(watched.map((part) => part.pid)));
    const foreignCpuShare = shareByCore(foreign, foreignBefore, cores.length, elapsedMs);
    foreignBefore = foreign;
    for (const [core, share] of foreignCpuShare.entries()) {
      log.row('foreign-cpu', null, null, null, null, `core-${core}`, share);
    }

    const kernel = readKernelCounters();
    for (const [counter, by] of grownBy(kernelBefore, kernel))
      log.row('kernel', null, null, null, null, counter, by);
    kernelBefore = kernel;
    const clocks = lookAtClocks();
    const stepMs = clockStepMs(clocksBefore, clocks);
    if (stepMs !== null) log.row('clock-step', null, null, null, null, null, Math.round(stepMs));
    clocksBefore = clocks;

    onSample({ elapsedMs, cpuMs, coreBusyShare, foreignCpuShare });
  };
  const timer = setInterval(look, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}

function shareByCore(
  now: ReadonlyMap<number, ProcessTimes>,
  before: ReadonlyMap<number, ProcessTimes>,
  cores: number,
  elapsedMs: number,
): number[] {
  const usedMs = new Array<number>(cores).fill(0);
  for (const [pid, times] of now) {
    // A process that was not there a second ago used all of its time since.
    const used = times.cpuMs - (before.get(pid)?.cpuMs ?? 0);
    if (used > 0 && times.lastCore < cores) usedMs[times.lastCore] = usedMs[times.lastCore]! + used;
  }
  return usedMs.map((used) => used / elapsedMs);
}
