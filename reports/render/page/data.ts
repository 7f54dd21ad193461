/** What the page's script is given, as JSON in the page. */
import type { Charts } from '../../charts.ts';

export type PageRun = {
  readonly name: string;
  readonly charts: Charts;
  readonly byCause: Readonly<Record<string, number>>;
  readonly comebacks: {
    readonly returned: number;
    readonly stranded: number;
    readonly didNotTry: number;
  };
};
export type PageData = { readonly runs: readonly PageRun[] };
