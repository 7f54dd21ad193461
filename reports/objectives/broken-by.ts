/**
 * Who broke an objective: the listeners whom its measure counts against it, the worst first, so that one of them can be
 * looked at. Measures that are about seats, rooms, packets at large or the server have nobody to name.
 */
import { readFileSync } from 'node:fs';
import type { Objective } from '../../scenarios/schema.ts';
import type { RunStore } from '../store/open-run.ts';
import type { ObjectiveResult } from '../summary-schema.ts';

export type BrokenBy = ObjectiveResult['brokenBy'];
export const NOBODY: BrokenBy = { what: null, unit: null, count: 0, listeners: [] };

const LISTED_MAX = 10;

type Unit = NonNullable<BrokenBy['unit']>;
type Against = {
  /** A macro of broken-by.sql with its arguments. */
  readonly from: string;
  /** What the value of each is. */
  readonly what: string;
  readonly unit: Unit;
  /** The direction in which the measure counts them against an objective. */
  readonly op: Objective['op'];
};

/** Prepares `brokenBy` for a store; needs the tables of reports/intervals/people.sql. */
export async function prepareBrokenBy(store: RunStore): Promise<void> {
  await store.query(readFileSync(new URL('broken-by.sql', import.meta.url), 'utf8'));
}

/**
 * Those whom an objective's measure counts against it, whether it holds or not.
 *
 * @param objective on a measure that exists.
 */
export async function brokenBy(store: RunStore, objective: Objective): Promise<BrokenBy> {
  const against = againstOf(objective);
  if (against === null || against.op !== objective.op) return NOBODY;
  const rows = await store.query(`
    SELECT person_id, name, value, count(*) OVER () AS count
    FROM ${against.from} AS broke LEFT JOIN people USING (person_id)
    ORDER BY value DESC, person_id LIMIT ${LISTED_MAX}`);
  return {
    what: against.what,
    unit: against.unit,
    count: Number(rows[0]?.['count'] ?? 0),
    listeners: rows.map(({ person_id, name, value }) => ({
      personId: Number(person_id),
      name: name === null ? null : String(name),
      value: Number.isFinite(value) ? Number(value) : null,
    })),
  };
}

const OUTCOMES: Readonly<Record<string, string>> = {
  neverIn: 'NULL',
  neverInShare: 'NULL',
  gaveUp: "'gave-up'",
  refused: "'refused'",
  waitingAtEnd: "'waiting'",
  lost: "'lost'",
};

/** Names in a measure are safe in SQL: only measures that a summary has get here. */
function againstOf({ measure, limit: plainLimit }: Objective): Against | null {
  const limit = `${plainLimit}::DOUBLE`;
  const [section, name, inner, ...rest] = measure.split('.') as [string, string, string?, ...string[]];
  const against = (from: string, what: string, unit: Unit = 'ms', op: Objective['op'] = '<='): Against => ({
    from,
    what,
    unit,
    op,
  });
  switch (section) {
    case 'crowd':
      if (name === 'answeredWithin2sShare') {
        return against('unanswered()', 'time to the first answer', 'ms', '>=');
      }
      if (name === 'joined') return against('never_in(NULL)', 'tried in vain for', 'ms', '>=');
      return name in OUTCOMES ? against(`never_in(${OUTCOMES[name]})`, 'tried in vain for') : null;
    case 'joinLatencyMs':
      return latencyAgainst(`${limit}, '${name}', NULL`, [inner!, ...rest], against);
    case 'joinByCohort':
      return latencyAgainst(`${limit}, '${inner}', '${name}'`, rest, against);
    case 'ejections':
      return ejectionsAgainst(name, inner, limit, against);
    case 'incumbents':
      return incumbentsAgainst(name, limit, against);
    case 'fairness':
      if (name === 'overtakenShare') return against('overtaken_ones()', 'waited for');
      return name === 'waitMs' ? against(`waited_longer_than(${limit}, NULL, NULL)`, 'waited for') : null;
    case 'goodput':
      return name === 'share'
        ? against(`served_less_than(${limit})`, 'missed of what they wanted', 'share', '>=')
        : null;
    case 'overflow':
      if (name === 'relayLagMs') return against(`worse_than(${limit}, 'relay-lag')`, 'lag at most');
      return name === 'promotionGapMs'
        ? against(`worse_than(${limit}, 'promotion-gap')`, 'missing across a move')
        : null;
    default:
      return null;
  }
}

type Make = (from: string, what: string, unit?: Unit, op?: Objective['op']) => Against;

/** Of phases and counts nobody is named: they are for finding the slow part. */
function latencyAgainst(whom: string, [figure, inner]: readonly string[], make: Make): Against | null {
  const ofJoined = figure === 'ofJoined';
  if (!/^p\d\d$/.test((ofJoined ? inner : figure) ?? '')) return null;
  return make(`${ofJoined ? 'waited_longer_than' : 'in_later_than'}(${whom})`, 'in after');
}

function ejectionsAgainst(name: string, inner: string | undefined, limit: string, make: Make) {
  switch (name) {
    case 'involuntary':
    case 'people':
    case 'involuntaryShare':
      return make('thrown_out(NULL, NULL)', 'times thrown out', 'count');
    case 'byCause':
      return make(`thrown_out('${inner}', NULL)`, 'times thrown out', 'count');
    case 'bySide':
      return make(`thrown_out(NULL, '${inner}')`, 'times thrown out', 'count');
    case 'stranded':
      return make('not_back(true)', 'outside for');
    case 'didNotTry':
      return make('not_back(false)', 'outside for');
    case 'rejoinAttempts':
    case 'stormIndex':
      return make('tried_again()', 'tries to come back', 'count');
    case 'returnMs':
      return inner === 'samples' ? null : make(`back_later_than(${limit})`, 'outside for');
    default:
      return null;
  }
}

/** Figures over listeners count the same people as the figure over all of them. */
function incumbentsAgainst(name: string, limit: string, make: Make) {
  switch (name) {
    case 'lossShareSurge':
    case 'listenerLossShareSurge':
      return make(`lost_more_than(${limit}, true)`, 'lost of the packets', 'share');
    case 'lossShareBefore':
    case 'listenerLossShareBefore':
      return make(`lost_more_than(${limit}, false)`, 'lost of the packets', 'share');
    case 'harmedShare':
      return make('lost_more_than(0.01, true)', 'lost of the packets', 'share');
    case 'longestGapMs':
    case 'listenerGapSurgeMs':
      return make(`silent_longer_than(${limit}, true)`, 'longest silence');
    case 'longestGapBeforeMs':
    case 'listenerGapBeforeMs':
      return make(`silent_longer_than(${limit}, false)`, 'longest silence');
    case 'worstGapP99Ms':
      return make(`often_silent_longer_than(${limit})`, 'p99 of the silences');
    case 'lateMs':
      return make(`heard_later_than(${limit}, true)`, 'heard late by');
    case 'lateBeforeMs':
      return make(`heard_later_than(${limit}, false)`, 'heard late by');
    default:
      return null;
  }
}
