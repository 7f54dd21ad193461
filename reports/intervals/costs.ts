/**
 * Unit costs from weighted seconds, as measures/unit-cost.sql has them. Their seconds are not those in which people came but
 * those in which the server was watched: of the baseline, of joining and of the steady end. Each window is resampled apart,
 * because how long it was is no result.
 */
import { readFileSync } from 'node:fs';
import type { RunStore } from '../store/open-run.ts';
import { type Figure, SECONDS_MIN } from './interval.ts';
import type { Weights } from './resample.ts';

const WINDOWS = ['quiet', 'joining', 'steady'] as const;
type Window = (typeof WINDOWS)[number];
const WINDOW_NAME: Readonly<Record<Window, string>> = {
  quiet: 'the baseline',
  joining: 'the time in which people joined',
  steady: 'the steady end',
};

const COLUMNS = [
  ...['seconds', 'server_ms', 'worker_ms', 'bytes_out', 'bytes', 'messages'],
  ...['listeners', 'audio', 'joins', 'packets', 'packet_rows'],
] as const;

/** Seconds of the three windows, numbered through all of them. */
export type CostSeconds = {
  readonly windows: Readonly<Record<Window, { readonly first: number; readonly length: number }>>;
  /** A one for each second of each window: they are resampled apart. */
  readonly parts: readonly (readonly number[])[];
  /** NaN in all of them: nobody wrote that. */
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** Of one packet of the voice, with all headers. */
  readonly packetBytes: number;
};

/** Sum of a column over a window of a resample. */
type SumOf = (window: Window, column: string) => number;
type Cost = { readonly windows: readonly Window[]; of(sum: SumOf, packetBytes: number): number };

const HEADER_BYTES = 50;
/** As measures/unit-cost.sql: fewer more people, or fewer of them with audio, would be multiplied into nonsense. */
const GROWTH_MIN = 1.1;
const AUDIO_SHARE_MIN = 0.01;
/** Bytes a second for one listener to Mbit/s for a thousand. */
const MBIT_OF_1000 = 8_000 / 1e6;

/** How much more a second of the steady end has than one of the baseline. */
const added = (sum: SumOf, column: string) =>
  sum('steady', column) / sum('steady', 'seconds') - sum('quiet', column) / sum('quiet', 'seconds');
const perListener = (sum: SumOf, column: string) => added(sum, column) / added(sum, 'listeners');
const heardMbit = (sum: SumOf, packetBytes: number) =>
  (sum('steady', 'packets') / sum('steady', 'packet_rows')) * packetBytes * MBIT_OF_1000;

function perJoin(sum: SumOf, column: string): number {
  const listening = perListener(sum, column);
  const idle = (sum('quiet', column) - listening * sum('quiet', 'listeners')) / sum('quiet', 'seconds');
  const rest =
    sum('joining', column) - idle * sum('joining', 'seconds') - listening * sum('joining', 'listeners');
  return rest / sum('joining', 'joins');
}

const ENDS = ['quiet', 'steady'] as const;
const ofEnds = (of: Cost['of']): Cost => ({ windows: ENDS, of });
const ofAll = (column: string): Cost => ({ windows: WINDOWS, of: (sum) => perJoin(sum, column) });
const ofJoining = (column: string): Cost => ({
  windows: ['joining'],
  of: (sum) => sum('joining', column) / sum('joining', 'joins'),
});

/** By their path under `server.unitCosts`. Growth of memory is that of two peaks, and has none. */
const COSTS: Readonly<Record<string, Cost>> = {
  'cpuMsPerJoin.server': ofAll('server_ms'),
  'cpuMsPerJoin.worker': ofAll('worker_ms'),
  'cpuMsPerListenerMinute.server': ofEnds((sum) => 60 * perListener(sum, 'server_ms')),
  'cpuMsPerListenerMinute.worker': ofEnds((sum) => 60 * perListener(sum, 'worker_ms')),
  bytesPerJoin: ofJoining('bytes'),
  messagesPerJoin: ofJoining('messages'),
  'perThousand.cores.signalling': ofEnds((sum) => perListener(sum, 'server_ms')),
  'perThousand.cores.media': ofEnds((sum) => perListener(sum, 'worker_ms')),
  'perThousand.egressMbit.signalling': ofEnds((sum) => perListener(sum, 'bytes_out') * MBIT_OF_1000),
  'perThousand.egressMbit.media': ofEnds((sum, bytes) => heardMbit(sum, bytes) * perListener(sum, 'audio')),
  'perThousand.withMedia.mediaCores': ofEnds((sum) => added(sum, 'worker_ms') / added(sum, 'audio')),
  'perThousand.withMedia.mediaEgressMbit': { windows: ['steady'], of: heardMbit },
};

const AT = 'server.unitCosts.';

/** Whether a measure is a cost that is made of seconds. */
export function isCost(measure: string): boolean {
  return measure.startsWith(AT) && Object.hasOwn(COSTS, measure.slice(AT.length));
}

/** Reads the seconds once; needs the shared tables of the measures. */
export async function readCostSeconds(store: RunStore): Promise<CostSeconds> {
  await store.query(readFileSync(new URL('costs.sql', import.meta.url), 'utf8'));
  const rows = await store.query('SELECT * FROM cost_seconds');
  const windows = Object.fromEntries(
    WINDOWS.map((window) => [
      window,
      {
        first: Math.max(
          0,
          rows.findIndex(({ span }) => span === window),
        ),
        length: rows.filter(({ span }) => span === window).length,
      },
    ]),
  ) as Record<Window, { first: number; length: number }>;
  const columns = Object.fromEntries(
    COLUMNS.map((name) => {
      const nothing = rows.every((row) => row[name] === null) ? Number.NaN : 0;
      return [name, Float64Array.from(rows, (row) => Number(row[name] ?? nothing))];
    }),
  );
  const parts = WINDOWS.map((window) => new Array<number>(windows[window].length).fill(1));
  return { windows, parts, columns, packetBytes: Number(rows[0]?.['voice_frame_bytes'] ?? 0) + HEADER_BYTES };
}

/** The figure of a measure that `isCost`. */
export function costFigure(seconds: CostSeconds, measure: string): Figure {
  const { windows, of } = COSTS[measure.slice(AT.length)]!;
  const numbers = windows.flatMap((window) =>
    Array.from({ length: seconds.windows[window].length }, (_, nth) => seconds.windows[window].first + nth),
  );
  const cannotBeTold =
    (windows.length > 1 && !hasGrown(seconds)) || (measure.includes('withMedia') && !hasAudio(seconds));
  const short = windows.find((window) => seconds.windows[window].length < SECONDS_MIN);
  return {
    seconds: Uint32Array.from(numbers),
    estimate: (weights) => (cannotBeTold ? Number.NaN : of(summing(seconds, weights), seconds.packetBytes)),
    ...(short === undefined ? {} : { reason: tooShort(short, seconds.windows[short].length) }),
  };
}

function tooShort(window: Window, length: number): string {
  return `${WINDOW_NAME[window]} has ${length} seconds, and blocks need at least ${SECONDS_MIN}`;
}

function summing({ windows, columns }: CostSeconds, weights: Weights | null): SumOf {
  return (window, column) => {
    const { first, length } = windows[window];
    const values = columns[column]!;
    let sum = 0;
    for (let nth = first; nth < first + length; nth++) sum += (weights?.[nth] ?? 1) * values[nth]!;
    return sum;
  };
}

function hasGrown(seconds: CostSeconds): boolean {
  const sum = summing(seconds, null);
  const people = (window: Window) => sum(window, 'listeners') / sum(window, 'seconds');
  return people('steady') > GROWTH_MIN * people('quiet');
}

function hasAudio(seconds: CostSeconds): boolean {
  return perListener(summing(seconds, null), 'audio') >= AUDIO_SHARE_MIN;
}
