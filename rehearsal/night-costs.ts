/**
 * What one join costs, and what it costs to have somebody in the room for a second: by the windows of a night as the measures
 * define them, quiet (nobody has come yet), joining (people arrive) and steady (its last seconds, when everybody is in).
 * Programs that a body runs (k6, Chromium) are told in the kernel's steps of 10 ms, the others to the microsecond.
 */
import { type Row, shareCostWindows } from '../reports/measures/index.ts';
import type { RunStore } from '../reports/store/open-run.ts';

const DAY_MS = 86_400_000;

export type WindowName = 'quiet' | 'joining' | 'steady';

type ProcessCosts = {
  /** As in the log: server, worker, swarm-webrtc, swarm-k6-tool, ... */
  readonly name: string;
  readonly cpuMs: Readonly<Record<WindowName, number>>;
  readonly bytesMax: number;
  /** Before anybody came. */
  readonly bytesQuiet: number;
};

export type NightCosts = {
  /** Who got in. */
  readonly joined: number;
  readonly seconds: Readonly<Record<WindowName, number>>;
  /** Time that people were in, summed over them. */
  readonly listenerSeconds: Readonly<Record<WindowName, number>>;
  readonly processes: readonly ProcessCosts[];
};

export type UnitCosts = {
  /** CPU for one join, without what follows it. */
  readonly joinMs: number;
  /** CPU for one listener for a second in the room. */
  readonly listenerSecondMs: number;
  /** Memory for one listener. */
  readonly listenerBytes: number;
};

type Cuts = {
  /** Length of the steady window, which ends with the night's tail. */
  readonly steadyMs: number;
  /** Its length, where what comes before is the warming up of the processes. Absent: from the first look on. */
  readonly quietMs?: number;
};

/** Reads them from a night's log. */
export async function readNightCosts(
  run: RunStore,
  { steadyMs, quietMs = DAY_MS }: Cuts,
): Promise<NightCosts> {
  await shareCostWindows(run);
  const cuts = `${quietMs}, ${steadyMs}`;
  const spans = await run.query(`FROM cost_spans(${cuts})`);
  const used = await run.query(`FROM cost_processes(${cuts})`);
  const [people] = await run.query(
    "SELECT count(DISTINCT person_id) AS joined FROM events WHERE side = 'listener' AND type = 'in'",
  );
  const memory = await run.query(
    "SELECT cause AS name, max(value) AS bytes FROM events WHERE type = 'rss' AND cause <> 'rehearsal' GROUP BY cause ORDER BY cause",
  );
  return {
    joined: Number(people!['joined']),
    seconds: byWindow(spans, 'seconds'),
    listenerSeconds: byWindow(spans, 'listener_seconds'),
    processes: memory.map((row) => {
      const rows = used.filter(({ process }) => process === row['name']);
      return {
        name: String(row['name']),
        cpuMs: byWindow(rows, 'cpu_ms'),
        bytesMax: Number(row['bytes'] ?? 0),
        bytesQuiet: byWindow(rows, 'bytes').quiet,
      };
    }),
  };
}

function byWindow(rows: readonly Row[], column: string): Record<WindowName, number> {
  const of = (window: WindowName) => Number(rows.find(({ name }) => name === window)?.[column] ?? 0);
  return { quiet: of('quiet'), joining: of('joining'), steady: of('steady') };
}

/**
 * From two nights that differ in their people only: what both have in common (starting a tool, an idle loop, a
 * voice that nobody hears) falls out, and only what another person adds is left.
 *
 * @param isOurs picks the processes that are added up, by name.
 * @throws RangeError when the larger night has no more people in than the smaller one.
 */
export function costByDifference(
  small: NightCosts,
  large: NightCosts,
  isOurs: (name: string) => boolean,
): UnitCosts {
  const people = large.joined - small.joined;
  if (people <= 0)
    throw new RangeError(
      `expected more people in the larger night, got ${large.joined} after ${small.joined}`,
    );
  const [few, many] = [sumOf(small, isOurs), sumOf(large, isOurs)];
  const listenerSecondMs =
    (many.cpuMs.steady - few.cpuMs.steady) / (large.listenerSeconds.steady - small.listenerSeconds.steady);
  const listening = listenerSecondMs * (large.listenerSeconds.joining - small.listenerSeconds.joining);
  return {
    joinMs: (many.cpuMs.joining - few.cpuMs.joining - listening) / people,
    listenerSecondMs,
    listenerBytes: (many.bytesMax - few.bytesMax) / people,
  };
}

/**
 * From one night alone, where a second one would be too long: what the processes cost before anybody came is taken
 * off. What a tool sets aside for its people before the night is taken off with it.
 *
 * @throws RangeError when nobody got in.
 */
export function costWithin(night: NightCosts, isOurs: (name: string) => boolean): UnitCosts {
  if (night.joined === 0) throw new RangeError('expected somebody to have got in, got nobody');
  const { cpuMs, bytesMax, bytesQuiet } = sumOf(night, isOurs);
  const { seconds, listenerSeconds, joined } = night;
  const idle = cpuMs.quiet / Math.max(1e-9, seconds.quiet);
  const listenerSecondMs = (cpuMs.steady - idle * seconds.steady) / listenerSeconds.steady;
  const listening = listenerSecondMs * listenerSeconds.joining;
  return {
    joinMs: (cpuMs.joining - idle * seconds.joining - listening) / joined,
    listenerSecondMs,
    listenerBytes: (bytesMax - bytesQuiet) / joined,
  };
}

/** Share of one core that some processes took in a window. */
export function coreShare(night: NightCosts, window: WindowName, isOurs: (name: string) => boolean): number {
  return sumOf(night, isOurs).cpuMs[window] / 1000 / Math.max(1e-9, night.seconds[window]);
}

function sumOf(night: NightCosts, isOurs: (name: string) => boolean): Omit<ProcessCosts, 'name'> {
  const ours = night.processes.filter(({ name }) => isOurs(name));
  const sum = (of: (one: ProcessCosts) => number) => ours.reduce((total, one) => total + of(one), 0);
  return {
    cpuMs: {
      quiet: sum(({ cpuMs }) => cpuMs.quiet),
      joining: sum(({ cpuMs }) => cpuMs.joining),
      steady: sum(({ cpuMs }) => cpuMs.steady),
    },
    bytesMax: sum(({ bytesMax }) => bytesMax),
    bytesQuiet: sum(({ bytesQuiet }) => bytesQuiet),
  };
}
