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
