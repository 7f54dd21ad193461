/**
 * What things cost on this machine, and how much of them it carries: measured by real nights, each figure beside its
 * budget. A budget that is missed is a figure like any other; only a part that did not run is a failure.
 */
import { RoomrushError, UsageError } from '../errors.ts';
import { benchAdmission } from './bench-admission.ts';
import { benchEvents } from './bench-events.ts';
import { benchHold, HOLD_SIGNAL, HOLD_WEBRTC } from './bench-hold.ts';
import { benchLive } from './bench-live.ts';
import { benchMeasuring } from './bench-measuring.ts';
import { benchPlan } from './bench-plan.ts';
import type { BenchContext, BenchRow } from './bench-row.ts';
import { benchK6, benchSignal } from './bench-signal.ts';
import { benchWebrtc } from './bench-webrtc.ts';

type BenchPart = {
  readonly what: string;
  readonly run: (context: BenchContext) => Promise<readonly BenchRow[]>;
};

/** In the order in which they are run. */
export const BENCH_PARTS = {
  signal: { what: 'cost of a signal listener and of presence', run: benchSignal },
  k6: { what: 'cost of a k6 listener, beside a signal one', run: benchK6 },
  webrtc: { what: 'cost of a webrtc listener, and joins a second', run: benchWebrtc },
  'hold-webrtc': {
    what: `${HOLD_WEBRTC.people} webrtc listeners, held for half a minute`,
    run: (context) => benchHold(context, HOLD_WEBRTC),
  },
  'hold-signal': {
    what: `${HOLD_SIGNAL.people} signal listeners, held for half a minute`,
    run: (context) => benchHold(context, HOLD_SIGNAL),
  },
  admission: { what: 'cost of an admission decision', run: async () => benchAdmission() },
  plan: { what: 'cost of a crowd: its plan, and its personas', run: async () => benchPlan() },
  measuring: { what: 'time and memory to measure a run of two million rows', run: benchMeasuring },
  live: { what: 'what the live page costs the rehearsal, by how many look', run: benchLive },
  events: { what: 'what writing the log costs the swarm in the default night', run: benchEvents },
} as const satisfies Readonly<Record<string, BenchPart>>;
export type BenchName = keyof typeof BENCH_PARTS;

export type BenchResult = {
  readonly name: BenchName;
  readonly rows: readonly BenchRow[];
  /** Why it did not run, where it did not. */
  readonly failure: RoomrushError | null;
};

/**
 * Runs some parts, one after the other. What a part lacks (a program, open files) stops that part only.
 *
 * @param onResult is told of each as soon as it is there.
 * @throws RoomrushError when somebody stops it.
 */
export async function runBench(
  names: readonly BenchName[],
  context: BenchContext,
  onResult: (result: BenchResult) => void,
): Promise<void> {
  for (const name of names) {
    try {
      onResult({ name, rows: await BENCH_PARTS[name].run(context), failure: null });
    } catch (error) {
      if (context.stop.aborted || !(error instanceof RoomrushError)) throw error;
      onResult({ name, rows: [], failure: error });
    }
  }
}

/** @throws UsageError for a name that is no part's. */
export function benchNames(wanted: readonly string[]): readonly BenchName[] {
  const all = Object.keys(BENCH_PARTS) as BenchName[];
  const unknown = wanted.find((name) => !Object.hasOwn(BENCH_PARTS, name));
  if (unknown === undefined) return all.filter((name) => wanted.includes(name));
  throw new UsageError(
    'unknown-bench-part',
    `expected parts of ${all.join(', ')}, got '${unknown}'`,
    'npm run bench -- --help',
  );
}
