/** What `comparison.json` says of a compared measure itself, whatever it was compared across. */
import { z } from 'zod';
import type { Unit } from '../render/format.ts';

const UNITS = [
  'people',
  'count',
  'share',
  'ratio',
  'ms',
  'seconds',
  'cores',
  'bytes',
  'mbit',
] as const satisfies readonly Unit[];

export const measureShape = {
  path: z.string().describe('dotted path in the summaries'),
  title: z.string(),
  unit: z.enum(UNITS),
  better: z.enum(['lower', 'higher']).nullable().describe('null: neither way is better'),
  absent: z.string().describe('what it means that a run has no figure'),
  decides: z.boolean().describe('whether a difference here may decide what to choose'),
} as const;
