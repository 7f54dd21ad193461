/**
 * From k6's samples to the event log. k6 writes a line for each sample of each metric; those of `roomrush_row` carry
 * a row of the log in their metadata, and their time is the row's instant. The bytes on the wire k6 tells once, when
 * a virtual user is done.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ROW_TYPES, type RowType } from '../../../events/row.ts';
import type { EventWriter } from '../../../events/writer.ts';
import { type ClockPair, wallNsOf } from './clock.ts';

const ROW_METRIC = 'roomrush_row';
/** Every line begins so; what else there is (a sample for each message) is passed over unread. */
const WANTED = [ROW_METRIC, 'data_received', 'data_sent'].map((name) => `{"metric":"${name}","type":"Point"`);

const word = z.string().regex(/^[a-zA-Z0-9.:_-]{0,64}$/);
const rowSchema = z.tuple([
  z.enum(Object.keys(ROW_TYPES) as [RowType, ...RowType[]]),
  z.string().regex(/^\d{0,10}$/),
  z.string().regex(/^\d{0,10}$/),
  z.string().regex(/^\d{0,10}$/),
  word,
  word,
  z.string().regex(/^(-?\d+(\.\d+)?(e[+-]?\d+)?)?$/),
]);
const sampleSchema = z.object({
  metric: z.string(),
  data: z.object({
    time: z.string(),
    value: z.number(),
    metadata: z.object({ row: z.string().optional() }).optional(),
  }),
});

export type Converted = {
  readonly rows: number;
  /** Lines that should have been rows and were none; the last line of a k6 that was killed is one. */
  readonly unreadable: number;
};

/**
 * Writes the rows of a file of samples into the log.
 *
 * @param file what `k6 run --out json=file` wrote; a missing one is an empty one.
 * @param untilNs where the night's bytes are put, which k6 tells after it; null: it was killed before.
 */
export async function convertSamples(
  file: string,
  clock: ClockPair,
  untilNs: bigint | null,
  log: EventWriter,
): Promise<Converted> {
  let rows = 0;
  let unreadable = 0;
  const bytes = { data_received: 0, data_sent: 0 };
  for await (const line of linesOf(file)) {
    if (!WANTED.some((start) => line.startsWith(start))) continue;
    const sample = readSample(line);
    if (sample === null) unreadable++;
    else if (sample.metric !== ROW_METRIC) bytes[sample.metric as keyof typeof bytes] += sample.data.value;
    else if (writeRow(sample, clock, log)) rows++;
    else unreadable++;
  }
  if (untilNs === null) return { rows, unreadable };
  log.row('bytes-in', null, null, null, null, null, bytes.data_received, null, null, untilNs);
  log.row('bytes-out', null, null, null, null, null, bytes.data_sent, null, null, untilNs);
  return { rows, unreadable };
}

type Sample = z.infer<typeof sampleSchema>;

function writeRow({ data }: Sample, { offsetNs }: ClockPair, log: EventWriter): boolean {
  const wallNs = wallNsOf(data.time);
  const parsed = rowSchema.safeParse(data.metadata?.row?.split(','));
  if (wallNs === null || !parsed.success) return false;
  const [type, personId, attempt, connectionId, room, cause, value] = parsed.data;
  log.row(
    type,
    numberOf(personId),
    numberOf(attempt),
    numberOf(connectionId),
    room === '' ? null : room,
    cause === '' ? null : cause,
    numberOf(value),
    null,
    null,
    wallNs + offsetNs,
  );
  return true;
}

function numberOf(text: string): number | null {
  return text === '' ? null : Number(text);
}

function readSample(line: string): Sample | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    // The last line of a k6 that was killed may be half a one.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return sampleSchema.safeParse(value).data ?? null;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    // k6 was stopped before it opened the file.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
