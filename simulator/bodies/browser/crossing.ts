/**
 * What crosses between a page and the process that opened it, both ways as JSON text. Both ends are ours, but a page is
 * another program: what comes out of it goes through a schema like any other input.
 */
import { z } from 'zod';
import type { RowType } from '../../../events/row.ts';
import type { ListenerRules, ListenerTraits, Phase } from '../../listener/listener.ts';

/** The function that the process lends the page; it takes a report. */
export const TELL = 'roomrushTell';
/** The object by which the process speaks to the page. */
export const PAGE = 'roomrushPage';

/** How the process speaks to the page. */
export type PageSide = {
  /** Resolves when the page can be driven. */
  ready(): Promise<void>;
  /** @param orders as text, by `toText`. */
  begin(orders: string): void;
  /** The night is over. Resolves when the last report is told. */
  end(): Promise<void>;
};

/** What a page is told, once: who lives in it, and when. Instants in ms of the night. */
export type PageOrders = {
  readonly traits: ListenerTraits;
  readonly rules: ListenerRules;
  /** Of the person's own draws. */
  readonly seed: number;
  /** NaN: does not wait in the hallway beforehand. */
  readonly hallwayAtMs: number;
  /** The page's `performance.now()` at the night's zero. */
  readonly zeroMs: number;
  /** The instant came before the page did, and its row is written. */
  readonly hasArrived: boolean;
};

const PAGE_ROWS = [
  'arrive',
  'dial',
  'opened',
  'browsed',
  'asked',
  'waiting',
  'full',
  'seated',
  'ice',
  'dtls',
  'first-audio',
  'in',
  'moved',
  'hand',
  'ejected',
  'failed',
  'gave-up',
  'parallel',
  'parallel-lost',
  'left',
  'at-end',
  'audible',
  'media',
  'concealed',
  'jitter-buffer',
] as const satisfies readonly RowType[];

const PHASES = [
  'idle',
  'dialing',
  'browsing',
  'asking',
  'waiting',
  'seated',
  'in',
  'aside',
  'pausing',
  'gone',
] as const satisfies readonly Phase[];

const word = z.string().regex(/^[a-zA-Z0-9.:_-]{0,64}$/);
const count = z.int().min(0);

/** What a page tells: rows of the log since it last did, and how its person is now. */
export const pageReportSchema = z.strictObject({
  rows: z
    .array(
      z.strictObject({
        type: z.enum(PAGE_ROWS),
        atMs: z.number().describe("the page's performance.now()"),
        attempt: z.int().nullable(),
        room: word.nullable(),
        cause: word.nullable(),
        value: z.number().nullable(),
        lost: z.number().nullable(),
      }),
    )
    .max(10_000),
  phase: z.enum(PHASES),
  hasArrived: z.boolean(),
  hasJoined: z.boolean().describe('was in at least once'),
  traffic: z
    .strictObject({ bytesIn: count, bytesOut: count, messagesIn: count, messagesOut: count })
    .describe('since the last report; bytes are those of the frames, without what carries them'),
});
export type PageReport = z.infer<typeof pageReportSchema>;
export type PageRow = PageReport['rows'][number];

/** JSON that keeps NaN and infinities, which a person's traits are full of. */
export function toText(value: object): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'number' && !Number.isFinite(one) ? { notFinite: String(one) } : one,
  );
}

/** The opposite of `toText`. */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && 'notFinite' in one ? Number(one.notFinite) : one,
  );
}
