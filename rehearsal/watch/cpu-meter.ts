/** CPU and memory of the processes of a run, look by look. */
import { readChildren, readProcess, readThreadsCpuMs } from './proc.ts';

export type Watched = {
  readonly name: string;
  readonly pid: number;
  /** Its threads are few and stay: its CPU is read to the microsecond, not in the kernel's steps of 10 ms. */
  readonly isExact?: boolean;
};

/** A server and its media workers, which are its only children, and others after they died. */
export function withWorkers(pid: number): Watched[] {
  return [
    { name: 'server', pid, isExact: true },
    ...readChildren(pid).map((child) => ({ name: 'worker', pid: child, isExact: true })),
  ];
}

/** By name; of several processes of one name, such as media workers, together. */
export type ProcessLook = {
  /** CPU time since the look before, ms. */
  readonly cpuMs: ReadonlyMap<string, number>;
  readonly rssBytes: ReadonlyMap<string, number>;
};

export class CpuMeter {
  readonly #before = new Map<number, number>();

  look(watched: readonly Watched[]): ProcessLook {
    const cpuMs = new Map<string, number>();
    const rssBytes = new Map<string, number>();
    for (const { name, pid, isExact = false } of watched) {
      const times = readProcess(pid);
      if (times === null) continue;
      const soFar = (isExact ? readThreadsCpuMs(pid) : null) ?? times.cpuMs;
      const before = this.#before.get(pid);
      // The first look at a process sees what it used before the night; that is not this second's. A thread that
      // ended took its time with it.
      if (before !== undefined) cpuMs.set(name, (cpuMs.get(name) ?? 0) + Math.max(0, soFar - before));
      this.#before.set(pid, soFar);
      rssBytes.set(name, (rssBytes.get(name) ?? 0) + times.rssBytes);
    }
    return { cpuMs, rssBytes };
  }
}
