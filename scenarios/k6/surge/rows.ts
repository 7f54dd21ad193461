/**
 * Rows of the event log on their way out of k6: a sample of the counter `roomrush_row` each, with the row as metadata.
 * In tags it would be a time series of its own, and k6 keeps every one of them in memory for the whole night. The
 * sample's own time, which k6 takes in nanoseconds, is the row's instant.
 */
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import type { RowType } from '../../../events/row.ts';

const rows = new Counter('roomrush_row');

/** Looked up once: every look makes a new object. */
let metadata: { [name: string]: string | number | boolean } | null = null;

/** Absent fields are null. The order of the fields is that of `readRow` in `simulator/bodies/k6/samples.ts`. */
export function writeRow(
  type: RowType,
  personId: number | null,
  attempt: number | null,
  connectionId: number | null,
  room: string | null,
  cause: string | null,
  value: number | null,
): void {
  metadata ??= exec.vu.metrics.metadata;
  metadata['row'] =
    `${type},${personId ?? ''},${attempt ?? ''},${connectionId ?? ''},${room ?? ''},${cause ?? ''},${value ?? ''}`;
  rows.add(1);
  // What stays there is copied into every sample of every connection that is opened from now on.
  delete metadata['row'];
}
