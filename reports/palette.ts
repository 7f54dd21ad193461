/**
 * The colours of everything that is drawn, report and live page alike: the palette of Okabe and Ito (2008), which people
 * with any kind of colour blindness can tell apart. Imports no package, so that a page can have it.
 */
import type { Place, State } from './states.ts';

const BLUE = '#0072b2';
const SKY = '#56b4e9';
const GREEN = '#009e73';
const YELLOW = '#f0e442';
const ORANGE = '#e69f00';
const VERMILION = '#d55e00';
const PINK = '#cc79a7';
const GREY = '#b8b8b8';

export const STATE_COLOUR: Readonly<Record<State, string>> = {
  in: BLUE,
  overflow: SKY,
  joining: GREEN,
  queueing: YELLOW,
  arriving: ORANGE,
  ejected: VERMILION,
  'given-up': PINK,
  left: GREY,
};

export const STATE_NAME: Readonly<Record<State, string>> = {
  in: 'in the main room',
  overflow: 'in overflow',
  joining: 'seated, no sound yet',
  queueing: 'in the queue',
  arriving: 'trying to get in',
  ejected: 'thrown out, not back',
  'given-up': 'gave up',
  left: 'left',
};

/** As in the picture of the crowd, where who sits in a parallel room has given up the main one. */
export const PLACE_COLOUR: Readonly<Record<Place, string>> = {
  main: BLUE,
  overflow: SKY,
  parallel: PINK,
  waiting: ORANGE,
};

export const PLACE_NAME: Readonly<Record<Place, string>> = {
  main: 'in the main room',
  overflow: 'in overflow rooms',
  parallel: 'in parallel rooms',
  waiting: 'waiting',
};

/** What became of people: the ends of a join curve, and of those who were thrown out. */
export const END_COLOUR = { in: BLUE, gaveUp: PINK, refused: VERMILION, open: GREY } as const;

/** Phases of a join, in the order in which they come. */
export const PHASE_COLOUR = {
  retries: VERMILION,
  dial: ORANGE,
  hallway: YELLOW,
  signal: GREEN,
  queue: SKY,
  ice: BLUE,
  dtls: PINK,
  firstAudio: GREY,
} as const;

/** Thrown out, tried to come back and gave up: darker than those who still may. */
export const STRANDED_COLOUR = '#7a3300';

/** The server's two processes. */
export const PROCESS_COLOUR = { server: BLUE, worker: ORANGE } as const;

const CAUSE_COLOURS: Readonly<Record<string, string>> = {
  'pong-timeout': VERMILION,
  'heartbeat-missed': ORANGE,
  'connection-lost': BLUE,
  'media-lost': SKY,
  'slow-client': GREEN,
  'worker-died': PINK,
  'server-restart': YELLOW,
};

/** Causes that are rare share a colour: their names stand beside it. */
export function causeColour(cause: string): string {
  return CAUSE_COLOURS[cause] ?? GREY;
}

const RUN_COLOURS = [VERMILION, BLUE, GREEN, PINK, ORANGE, SKY] as const;

/** Of the nth run of several; dashes must tell them apart where there are more than six. */
export function runColour(nth: number): string {
  return RUN_COLOURS[nth % RUN_COLOURS.length]!;
}
