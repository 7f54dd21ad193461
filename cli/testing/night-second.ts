/** A test instrument: a second of a night, as those who watch it are told. */
import type { NightSecond } from '../night-second.ts';

export function nightSecond(
  nightMs: number,
  counters: NightSecond['counters'],
  more: Partial<NightSecond> = {},
): NightSecond {
  return {
    type: 'second',
    nightMs,
    nightEndMs: 125_000,
    counters,
    countersByProcess: new Map(),
    sample: null,
    probeMs: 12.4,
    rooms: null,
    ...more,
  };
}
