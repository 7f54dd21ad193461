/** States of a listener as `base/30-states.sql` gives them, in the order in which a chart stacks them. */
export const STATES = [
  'in',
  'overflow',
  'joining',
  'queueing',
  'arriving',
  'ejected',
  'given-up',
  'left',
] as const;
export type State = (typeof STATES)[number];

/** Where people sit, or that they want to, as `rooms-by-second.sql` gives it, in the order in which a chart stacks them. */
export const PLACES = ['main', 'overflow', 'parallel', 'waiting'] as const;
export type Place = (typeof PLACES)[number];
