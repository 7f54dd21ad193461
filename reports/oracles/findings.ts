/** What each oracle's row means: a title, a count of violations, the worst of them, and a sentence. */
import { count, finite } from '../figures.ts';
import type { Row } from '../measures/index.ts';
import { format, people } from '../render/format.ts';
import type { OracleFinding } from '../summary-schema.ts';
import { ORACLES, type OracleName, type OracleRows } from './index.ts';

type Meaning = {
  readonly title: string;
  readonly worstUnit: OracleFinding['worstUnit'];
  /** One sentence, without its full stop. */
  readonly detail: (row: Row) => string;
  /** Why there is nothing to check in this run; null: there is. */
  readonly inapplicable?: (row: Row) => string | null;
  /** Looks at the listeners' rows alone where the server wrote none. */
  readonly needsServer: boolean;
};

const NOBODY_WAITED = 'nobody waited in a queue';

const MEANINGS: Readonly<Record<OracleName, Meaning>> = {
  'over-admission': {
    title: 'Seats never above the cap',
    worstUnit: 'seats',
    needsServer: true,
    detail: (row) =>
      count(row, 'violations') === 0
        ? 'no room ever had more people than seats'
        : `${counted(row, 'violations', 'seat')} taken in a full room, at most ${amount(row, 'worst')} over it, for ${seconds(row, 'seconds')}`,
  },
  'fifo-inversions': {
    title: 'First come, first served in the queue',
    worstUnit: 'people',
    needsServer: true,
    inapplicable: (row) => (count(row, 'waited') === 0 ? NOBODY_WAITED : null),
    detail: (row) =>
      count(row, 'violations') === 0
        ? `nobody of ${amount(row, 'waited')} in the queue was overtaken`
        : `${counted(row, 'violations', 'seating')} overtook somebody (${counted(row, 'pairs', 'pair')}), at worst ${amount(row, 'worst')} of them one person`,
  },
  'estimated-wait': {
    title: 'The told wait is the real one',
    worstUnit: 'ms',
    needsServer: true,
    inapplicable: (row) =>
      count(row, 'waited') === 0
        ? NOBODY_WAITED
        : count(row, 'samples') === 0
          ? `of ${people(count(row, 'waited'))} who waited, none was told a wait and got a seat`
          : null,
    detail: (row) =>
      `told minus real wait: median ${format(finite(row, 'p50'), 'ms')}, p95 ${format(finite(row, 'p95'), 'ms')}, over ${people(count(row, 'samples'))}`,
  },
  'seats-leaked': {
    title: 'No seat is leaked',
    worstUnit: 's',
    needsServer: true,
    inapplicable: (row) =>
      row['showable'] === true ? null : 'the night is shorter than its timeouts: a leak could not show',
    detail: (row) =>
      `${counted(row, 'taken', 'seat')} taken, ${amount(row, 'released')} released, ${amount(row, 'violations')} still kept for people long gone`,
  },
  ghosts: {
    title: 'Ghosts are counted',
    worstUnit: 's',
    needsServer: true,
    detail: (row) =>
      `${counted(row, 'ghosts', 'seat')} with nobody in it for a while: ${people(count(row, 'silent'))} left without a word, ${people(count(row, 'unheard'))} never heard of theirs`,
  },
  'tickets-replayed': {
    title: 'No ticket is accepted twice',
    worstUnit: 'times',
    needsServer: true,
    inapplicable: (row) =>
      count(row, 'violations') + count(row, 'redeemed') + count(row, 'refused') === 0
        ? 'no ticket was used'
        : null,
    detail: (row) =>
      `${counted(row, 'violations', 'ticket')} accepted again, of ${amount(row, 'redeemed')} accepted and ${amount(row, 'refused')} refused`,
  },
  'waiting-and-seated': {
    title: 'Nobody waits and sits at once',
    worstUnit: 's',
    needsServer: true,
    detail: (row) =>
      count(row, 'violations') === 0
        ? 'nobody with a seat had a place in the queue'
        : `${people(count(row, 'violations'))} had a place in the queue beside their seat`,
  },
  'people-lost': {
    title: 'Nobody is lost',
    worstUnit: 's',
    needsServer: false,
    inapplicable: (row) =>
      row['whole'] === true ? null : 'the run stopped before the listeners wrote how their night ended',
    detail: (row) =>
      count(row, 'violations') === 0
        ? 'every story has an end, and every ask was answered'
        : `${people(count(row, 'endless'))} without an end to their story, ${people(count(row, 'unanswered'))} whose ask was never answered`,
  },
  'views-agree': {
    title: 'Server and listeners agree on who is in',
    worstUnit: 's',
    needsServer: true,
    inapplicable: (row) => (row['seated'] === true ? null : 'nobody was seated'),
    detail: (row) =>
      count(row, 'violations') === 0
        ? `never apart for longer than ${format(finite(row, 'toleranceMs'), 'ms')}`
        : `${people(count(row, 'people'))} for ${seconds(row, 'seconds')} in all; only the server believed in the seat in ${counted(row, 'serverOnly', 'case')}, only the listener in ${amount(row, 'listenerOnly')}`,
  },
};

/**
 * What the oracles found, for the summary.
 *
 * @param noServer why the server's rows are missing; null: they are there.
 */
export function oracleFindings(rows: OracleRows, noServer: string | null): OracleFinding[] {
  return ORACLES.map((name) => {
    const row = rows[name];
    const { title, worstUnit, detail, inapplicable, needsServer } = MEANINGS[name];
    const reason = (needsServer ? noServer : null) ?? inapplicable?.(row) ?? null;
    const applicable = reason === null;
    return {
      name,
      title,
      violations: applicable ? count(row, 'violations') : 0,
      worst: applicable ? finite(row, 'worst') : null,
      worstUnit,
      detail: applicable ? detail(row) : `not checked: ${reason}`,
      toleranceMs: applicable ? finite(row, 'toleranceMs') : null,
      applicable,
      reason,
    };
  });
}

function amount(row: Row, name: string): string {
  return format(count(row, name), 'count');
}

/** `1 seat`, `2 seats`. */
function counted(row: Row, name: string, what: string): string {
  return `${amount(row, name)} ${what}${count(row, name) === 1 ? '' : 's'}`;
}

function seconds(row: Row, name: string): string {
  return format(count(row, name), 'seconds');
}
