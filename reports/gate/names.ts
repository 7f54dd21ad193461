/** What the gate compares, by name: the title and the unit that people read. */
import type { GateFigures } from './figures.ts';

export type CostName = keyof GateFigures['costs'];
export type WallClockName = keyof GateFigures['wallClock'];

type Named = { readonly title: string; readonly unit: 'ms' | 'bytes' | 'ratio' };

export const COSTS: Readonly<Record<CostName, Named>> = {
  serverCpuMsPerJoin: { title: 'Server CPU a join', unit: 'ms' },
  workerCpuMsPerJoin: { title: 'Worker CPU a join', unit: 'ms' },
  bytesPerJoin: { title: 'Bytes a join', unit: 'bytes' },
  messagesPerJoin: { title: 'Messages a join', unit: 'ratio' },
};

export const WALL_CLOCK: Readonly<Record<WallClockName, Named>> = {
  joinP50Ms: { title: 'Join latency p50', unit: 'ms' },
  joinP99Ms: { title: 'Join latency p99', unit: 'ms' },
  stallMsMax: { title: 'Longest stall', unit: 'ms' },
};

/** Costs that hang on the machine and the build of its parts: never compared across kinds of machines. */
export const ABSOLUTE_COSTS: readonly CostName[] = ['serverCpuMsPerJoin', 'workerCpuMsPerJoin'];

const EVENT_TITLES: Readonly<Record<string, string>> = {
  ejections: 'Seats lost unwillingly',
  stranded: 'Stranded',
  neverIn: 'Never got in',
};

/** The title of an event; a check of the admission control has its own name. */
export function eventTitle(name: string): string {
  return EVENT_TITLES[name] ?? name;
}

export const costNames = Object.keys(COSTS) as readonly CostName[];
export const wallClockNames = Object.keys(WALL_CLOCK) as readonly WallClockName[];
