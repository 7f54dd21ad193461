/** What somebody who watches a comparison sees: which run of how many, how long it still takes, and the run itself. */
import type { CompareProgress } from '../rehearsal/compare.ts';
import type { Place } from '../reports/comparison/from-runs.ts';
import { printProgress } from './progress.ts';

export function compareProgress(stream: NodeJS.WriteStream): CompareProgress {
  return {
    begins: (place, nth, of, leftMs) => {
      stream.write(`${runOf(place, nth, of)} (${about(leftMs)} left)\n`);
      return printProgress(stream, place.policy);
    },
    kept: (place, nth, of) => {
      stream.write(`${runOf(place, nth, of)} was measured before\n`);
    },
  };
}

function runOf({ policy, seed, role, again }: Place, nth: number, of: number): string {
  const name = `${policy}, seed ${seed}`;
  if (again) return `repeat ${nth} of ${of}, as it was void: ${name}`;
  return `run ${nth} of ${of}: ${name}${role === 'probe' ? ', to see whether the night hurts' : ''}`;
}

/** Rounded up: an estimate that is too short is the worse one. */
function about(ms: number): string {
  return ms < 90_000 ? `about ${Math.ceil(ms / 10_000) * 10} s` : `about ${Math.ceil(ms / 60_000)} min`;
}
