/** What the page calls what it shows, and in which colours and order. */
import { PHASE_COLOUR, STATE_COLOUR, STATE_NAME, STRANDED_COLOUR } from '../../../reports/palette.ts';
import type { LiveState, Phase } from '../../../simulator/listener/tally.ts';
import type { LiveRoom, VerdictFrame } from '../frames.ts';

export const LIVE_STATE_NAME: Readonly<Record<LiveState, string>> = {
  ...STATE_NAME,
  stranded: 'thrown out for good',
};

export const LIVE_STATE_COLOUR: Readonly<Record<LiveState, string>> = {
  ...STATE_COLOUR,
  stranded: STRANDED_COLOUR,
};

export const PHASE_NAME: Readonly<Record<Phase, string>> = {
  retries: 'tries that failed',
  dial: 'connecting',
  hallway: 'list of rooms',
  signal: 'asking for a seat',
  queue: 'in the queue',
  ice: 'ICE',
  dtls: 'DTLS',
  firstAudio: 'until the first sound',
};

export const LIVE_PHASE_COLOUR: Readonly<Record<Phase, string>> = PHASE_COLOUR;

export const ROOM_KIND_NAME: Readonly<Record<LiveRoom['kind'], string>> = {
  main: 'main room',
  overflow: 'overflow room',
  parallel: 'parallel room',
};

export const RESULT_NAME: Readonly<Record<NonNullable<VerdictFrame['result']> | 'stopped', string>> = {
  pass: 'pass',
  fail: 'fail',
  void: 'void',
  stopped: 'stopped before it was measured',
};
