/** The units that the figures of a comparison may have. */
import type { Unit } from '../render/format.ts';

export const UNITS = [
  'people',
  'count',
  'share',
  'ratio',
  'ms',
  'seconds',
  'cores',
  'bytes',
  'mbit',
  'mbit',
] as const satisfies readonly Unit[];
