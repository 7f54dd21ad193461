/** The words at the top of the page. */
import { format, people } from '../../../reports/render/format.ts';
import type { LiveView } from './state.ts';

export const LINK_NAME: Readonly<Record<LiveView['link'], string>> = {
  connecting: 'connecting',
  live: 'live',
  reconnecting: 'connection lost, trying again',
  over: 'the run is over',
};

/** The title of the tab: a reader with several of them wants to know which. */
export function titleOf({ nights }: LiveView): string {
  const names = nights.map(({ plan }) => plan.name).join(', ');
  return nights.length === 0 ? 'roomrush live' : `${nights[0]!.plan.title}: ${names} – roomrush live`;
}

/** Who comes, and how the night was sized. */
export function placeOf({ nights }: LiveView): string {
  const plan = nights[0]?.plan;
  if (plan === undefined) return 'No night has begun yet.';
  if (plan.nightEndMs === null) return `${format(plan.mainSeats, 'people')} seats in the main room.`;
  const same = nights.length > 1 ? ' The same crowd meets each build.' : '';
  return (
    `${people(plan.people)}, ${format(plan.mainSeats, 'people')} seats in the main room, scale ${plan.scale}, ` +
    `time-scale ${plan.timeScale}, seed ${plan.seed}.${same}`
  );
}
