/**
 * What one join costs, and what it costs to have somebody in the room for a second. A night is cut at the watcher's
 * own looks at /proc into three windows: quiet (nobody has come yet), joining (people arrive) and steady (its last
 * seconds, when everybody is in). Programs that a body runs (k6, Chromium) are told in the kernel's steps of 10 ms, the others to the microsecond.
 */
import type { RunStore } from '../reports/store/open-run.ts';

const DAY_MS = 86_400_000;

const WINDOWS = ['quiet', 'joining', 'steady'] as const;
export type WindowName = (typeof WINDOWS)[number];

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
export async function readNightCosts(run: RunStore, cuts: Cuts): Promise<NightCosts> {
  const bounds = boundsSql(cuts);
  const [spans] = await run.query(spansSql(bounds));
  const processes = await run.query(processesSql(bounds));
  const each = (prefix: string) =>
    Object.fromEntries(WINDOWS.map((name) => [name, Number(spans![`${prefix}_${name}`] ?? 0)])) as Record<
      WindowName,
      number
    >;
  return {
    joined: Number(spans!['joined']),
    seconds: each('seconds'),
    listenerSeconds: each('listener_seconds'),
    processes: processes.map((row) => ({
      name: String(row['name']),
      cpuMs: Object.fromEntries(
        WINDOWS.map((name) => [name, Number(row[`cpu_${name}`] ?? 0)]),
      ) as ProcessCosts['cpuMs'],
      bytesMax: Number(row['bytes_max'] ?? 0),
      bytesQuiet: Number(row['bytes_quiet'] ?? 0),
    })),
  };
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

/**
 * The watcher's looks are a few ms apart in their rows: those of the server stand for all of one look. The first one
 * has memory only, as CPU is counted from it on.
 */
const beforeSql = (instant: string, ms: number) => `${instant} - ${Math.round(ms)} * 1000000::BIGINT`;

const boundsSql = ({ steadyMs, quietMs = DAY_MS }: Cuts) => `
  looks AS (SELECT DISTINCT t_ns FROM events WHERE type = 'rss' AND cause = 'server'),
  bounds AS (
    SELECT (SELECT min(t_ns) FROM looks WHERE t_ns >= ${beforeSql('surge_start_ns', quietMs)}) AS first_ns,
      (SELECT max(t_ns) FROM looks WHERE t_ns <= surge_start_ns) AS surge_ns,
      (SELECT max(t_ns) FROM looks WHERE t_ns <= ${beforeSql('tail_end_ns', steadyMs)}) AS steady_ns,
      (SELECT max(t_ns) FROM looks WHERE t_ns <= tail_end_ns) AS last_ns
    FROM night
  ),
  spans AS (
    SELECT 'quiet' AS name, first_ns AS from_ns, surge_ns AS to_ns FROM bounds
    UNION ALL SELECT 'joining', surge_ns, steady_ns FROM bounds
    UNION ALL SELECT 'steady', steady_ns, last_ns FROM bounds
  )`;

const spansSql = (bounds: string) => `
  WITH ${bounds},
  stays AS (
    SELECT person_id, min(t_ns) FILTER (type = 'in') AS in_ns,
      coalesce(min(t_ns) FILTER (type IN ('left', 'ejected')), 9223372036854775807) AS out_ns
    FROM events WHERE side = 'listener' AND person_id IS NOT NULL GROUP BY person_id
  )
  SELECT (SELECT count(in_ns) FROM stays) AS joined,
    ${WINDOWS.map(
      (name) => `
    (SELECT (to_ns - from_ns) / 1e9 FROM spans WHERE name = '${name}') AS seconds_${name},
    (SELECT sum(greatest(0, least(out_ns, to_ns) - greatest(in_ns, from_ns))) / 1e9 FROM stays, spans
      WHERE name = '${name}' AND in_ns IS NOT NULL) AS listener_seconds_${name}`,
    ).join(',')}`;

/** A row's second ends at its look; half of one keeps a few ms of lateness from moving a row over a bound. */
const processesSql = (bounds: string) => `
  WITH ${bounds}
  SELECT cause AS name,
    ${WINDOWS.map(
      (name) => `
    (SELECT sum(value) FROM events AS cpu, spans WHERE cpu.type = 'cpu' AND cpu.cause = watched.cause
      AND spans.name = '${name}' AND t_ns > from_ns + 500000000 AND t_ns <= to_ns + 500000000) AS cpu_${name}`,
    ).join(',')},
    max(value) AS bytes_max,
    max(value) FILTER (t_ns <= (SELECT surge_ns FROM bounds) + 500000000) AS bytes_quiet
  FROM events AS watched WHERE type = 'rss' AND cause <> 'rehearsal'
  GROUP BY cause ORDER BY cause`;
