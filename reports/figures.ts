/** Figures out of the rows of a query. */
import type { Row } from './measures/index.ts';

/** A count; nothing counted is 0. */
export function count(row: Row, name: string): number {
  return Number(row[name] ?? 0);
}

/** A quantile that falls among those who never got in is infinite in the log and null outside. */
export function finite(row: Row, name: string): number | null {
  const value = row[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
