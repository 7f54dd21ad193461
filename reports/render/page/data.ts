/** What the page's script is given, as JSON in the page. */
import type { Charts } from '../../charts.ts';

export type PageRun = {
  readonly name: string;
  /** Series in steps of `stepSeconds`. */
  readonly charts: Charts;
  readonly byCause: Readonly<Record<string, number>>;
  /** Of the body that the headline is about, ms. */
  readonly phases: Readonly<
    Record<string, { readonly p50: number | null; readonly p90: number | null; readonly p99: number | null }>
  >;
  readonly comebacks: {
    readonly returned: number;
    readonly stranded: number;
    readonly didNotTry: number;
  };
};
export type PageData = {
  readonly runs: readonly PageRun[];
  /** How long a step of a series is: 1, but for a very long night. */
  readonly stepSeconds: number;
  /** The body that the headline is about; null: nobody arrived. */
  readonly body: string | null;
};
