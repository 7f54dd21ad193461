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

/** Who wants to be in a room and is not: they try, queue, have a seat and no sound yet, or were thrown out and are not back. */
export const WAITING = ['arriving', 'queueing', 'joining', 'ejected'] as const satisfies readonly State[];

/** Where people sit, or that they want to, in the order in which a chart stacks them. */
export const PLACES = ['main', 'overflow', 'parallel', 'waiting'] as const;
export type Place = (typeof PLACES)[number];
