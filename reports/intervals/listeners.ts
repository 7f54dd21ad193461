/**
 * What each counted incumbent heard, then over them: shares of packets lost, and jitter. All of them hear the same
 * seconds, so that seconds are drawn again and every listener's own figure is made of those that were drawn; drawing
 * listeners instead would promise more than one run can tell.
 */
import type { DuckDBListValue } from '@duckdb/node-api';
import type { RunStore } from '../store/open-run.ts';
import { quantileOf, type Values } from './estimate.ts';
import type { Figure } from './interval.ts';
import type { Weights } from './resample.ts';

type Part = 0 | 1;
export type OfListeners =
  | { readonly what: 'harmed' }
  | { readonly what: 'loss' | 'jitter'; readonly part: Part; readonly q: number }
  | { readonly what: 'jitter-added'; readonly q: number };

/** As measures/incumbents.sql. */
const HARMED_LOSS_SHARE = 0.01;

/** null: the measure is none over listeners, or one that is made of each listener's longest silence. */
export function ofListeners(measure: string): OfListeners | null {
  if (measure === 'incumbents.harmedShare') return { what: 'harmed' };
  const found =
    /^incumbents\.(?:(listenerLossShare|jitter)(Before|Surge)(?:Ms)?|jitterAddedMs)\.p(\d\d)$/.exec(measure);
  if (found === null) return null;
  const [, kind, window, percent] = found;
  const q = Number(percent) / 100;
  if (kind === undefined) return { what: 'jitter-added', q };
  return { what: kind === 'jitter' ? 'jitter' : 'loss', part: window === 'Surge' ? 1 : 0, q };
}

/** Seconds of one listener in one part of the night; a second's number is that of its resample. */
type Heard = {
  readonly second: Uint32Array;
  readonly sent: Float64Array;
  readonly lost: Float64Array;
  readonly jitter: Values;
};
export type HeardByListener = {
  /** A one for each second of the baseline, and of the surge: they are resampled apart. */
  readonly parts: readonly [readonly number[], readonly number[]];
  /** By part: one entry a listener who was counted in it. */
  readonly listeners: readonly (readonly [Heard | null, Heard | null])[];
};

/** Reads the seconds of every listener once; needs the tables of people.sql. */
export async function readHeard(store: RunStore): Promise<HeardByListener> {
  const rows = await store.query(`
    WITH numbered AS (
      SELECT *, dense_rank() OVER (ORDER BY part, second) - 1 AS nth FROM heard_by_listener
    )
    SELECT person_id, part, list(nth ORDER BY nth) AS seconds, list((received + lost)::DOUBLE ORDER BY nth) AS sent,
      list(lost::DOUBLE ORDER BY nth) AS lost, list(jitter_ms::DOUBLE ORDER BY jitter_ms, nth) FILTER (jitter_ms IS NOT NULL) AS jitter,
      list(nth ORDER BY jitter_ms, nth) FILTER (jitter_ms IS NOT NULL) AS "jitterSeconds"
    FROM numbered GROUP BY person_id, part ORDER BY person_id, part`);
  const [counted] = await store.query(`
    SELECT count(DISTINCT second) FILTER (part = 0) AS before, count(DISTINCT second) FILTER (part = 1) AS surge
    FROM heard_by_listener`);
  const byPerson = new Map<unknown, [Heard | null, Heard | null]>();
  for (const row of rows) {
    const heard = byPerson.get(row['person_id']) ?? [null, null];
    byPerson.set(row['person_id'], heard);
    const items = (name: string) => (row[name] as DuckDBListValue | null)?.items ?? [];
    const numbers = (name: string) => Float64Array.from(items(name), (value) => Number(value ?? 0));
    heard[Number(row['part']) as Part] = {
      second: Uint32Array.from(items('seconds'), Number),
      sent: numbers('sent'),
      lost: numbers('lost'),
      jitter: { sorted: numbers('jitter'), second: Uint32Array.from(items('jitterSeconds'), Number) },
    };
  }
  return {
    parts: [onesOf(counted?.['before']), onesOf(counted?.['surge'])],
    listeners: [...byPerson.values()],
  };
}

function onesOf(count: unknown): number[] {
  return new Array<number>(Number(count ?? 0)).fill(1);
}

/** A figure over listeners, each by their own seconds. */
export function listenersFigure({ parts, listeners }: HeardByListener, of: OfListeners): Figure {
  const before = parts[0].length;
  const all = Array.from({ length: before + parts[1].length }, (_, nth) => nth);
  const part = of.what === 'harmed' ? 1 : of.what === 'jitter-added' ? null : of.part;
  const used = part === null ? all : part === 0 ? all.slice(0, before) : all.slice(before);
  const each = (weights: Weights) =>
    listeners
      .map((heard) => heardBy(heard, of, weights))
      .filter((value) => !Number.isNaN(value))
      .sort((a, b) => a - b);
  return {
    seconds: used,
    estimate: (weights) => {
      const values = each(weights);
      if (values.length === 0) return Number.NaN;
      if (of.what !== 'harmed') return values[Math.max(0, Math.ceil(of.q * values.length - 1e-9) - 1)]!;
      return values.filter((share) => share > HARMED_LOSS_SHARE).length / values.length;
    },
  };
}

/** Of one listener; NaN: nothing was counted in the seconds that were drawn. */
function heardBy(heard: readonly [Heard | null, Heard | null], of: OfListeners, weights: Weights): number {
  if (of.what === 'jitter-added') return jitterOf(heard[1], weights) - jitterOf(heard[0], weights);
  if (of.what === 'jitter') return jitterOf(heard[of.part], weights);
  return lossOf(heard[of.what === 'harmed' ? 1 : of.part], weights);
}

function lossOf(heard: Heard | null, weights: Weights): number {
  let [lost, sent] = [0, 0];
  for (let nth = 0; nth < (heard?.second.length ?? 0); nth++) {
    const weight = weights[heard!.second[nth]!]!;
    lost += weight * heard!.lost[nth]!;
    sent += weight * heard!.sent[nth]!;
  }
  return sent === 0 ? Number.NaN : lost / sent;
}

function jitterOf(heard: Heard | null, weights: Weights): number {
  return heard === null ? Number.NaN : quantileOf(heard.jitter, 0.5, weights);
}
