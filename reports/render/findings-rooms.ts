/** What the course of overflow says, as the title of its chart: only what its series show. */
import type { Named } from './findings-over-time.ts';
import { clock, format, people } from './format.ts';

/** Fewer who wait have no course: how many they were is all that is said. */
export const WAITING_MIN = 20;
/** They went away at once when half of the most were left within so many seconds. */
export const HALVED_SECONDS_MAX = 30;

/** Whether anybody sat in an overflow room at a full second of the night. */
export function satInOverflow({ rooms }: Named['charts']): boolean {
  return (rooms.overflow ?? []).some((seated) => seated > 0);
}

/**
 * That fewer waited while more sat in overflow, where the series show both: overflow took at least half as many as were no
 * longer waiting. Else how full overflow was, and who waited beside it.
 */
export function roomsFinding({ name, charts }: Pick<Named, 'name' | 'charts'>): string {
  // When the talk is over everybody leaves.
  const talkSeconds = Math.floor(charts.phases.tailEndMs / 1000) + 1;
  const seated = (charts.rooms.overflow ?? []).slice(0, talkSeconds);
  const waiting = (charts.rooms.waiting ?? []).slice(0, talkSeconds);
  const fell = fallOf(waiting);
  if (fell !== null) {
    const { from, to } = fell;
    const gone = waiting[from]! - waiting[to]!;
    const taken = (seated[to] ?? 0) - (seated[from] ?? 0);
    if (2 * taken >= gone) {
      return `${name}: most waited at ${clock(from * 1000)} (${people(waiting[from]!)}); ${to - from} s later ${format(waiting[to]!, 'people')} did, and overflow had ${format(taken, 'people')} more`;
    }
  }
  const most = Math.max(0, ...seated);
  const fullest = Math.max(0, seated.indexOf(most));
  const beside = waiting[fullest] ?? 0;
  const still = beside === 0 ? 'nobody waited' : `${people(beside)} ${beside === 1 ? 'was' : 'were'} waiting`;
  return `${name}: overflow was fullest at ${clock(fullest * 1000)}, with ${people(most)}, while ${still}`;
}

/** From the second in which most waited to the first in which half of them or fewer did; null: it took long, or they were few. */
function fallOf(waiting: readonly number[]): { readonly from: number; readonly to: number } | null {
  const most = Math.max(0, ...waiting);
  if (most < WAITING_MIN) return null;
  const from = waiting.indexOf(most);
  const to = waiting.findIndex((count, second) => second > from && 2 * count <= most);
  return to === -1 || to - from > HALVED_SECONDS_MAX ? null : { from, to };
}
