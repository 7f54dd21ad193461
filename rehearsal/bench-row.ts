/** One line of the bench's table, and what a part of the bench is. */
import type { Scenario } from '../scenarios/schema.ts';

export type BenchRow = {
  readonly what: string;
  readonly value: string;
  /** What it is to be; absent: a figure without a budget. */
  readonly budget?: { readonly limit: string; readonly held: boolean };
};

export type BenchContext = {
  /** Whose people, apps and servers are measured. */
  readonly night: Scenario;
  readonly stop: AbortSignal;
  /** Says what is being done. */
  readonly say: (text: string) => void;
};

/** A figure, beside its budget where it has one. Held is decided by the figure itself, not by its rounding. */
export function figure(
  what: string,
  value: number,
  digits: number,
  budget?: { readonly op: '<=' | '>='; readonly limit: number },
): BenchRow {
  const text = value.toFixed(digits);
  if (budget === undefined) return { what, value: text };
  const { op, limit } = budget;
  return {
    what,
    value: text,
    budget: { limit: `${op} ${limit}`, held: op === '<=' ? value <= limit : value >= limit },
  };
}

/** How many of so many; held when it was all of them. */
export function allOf(what: string, count: number, of: number): BenchRow {
  return { what, value: `${count} of ${of}`, budget: { limit: 'all', held: count === of } };
}
