/** What somebody who watches a comparison sees: which run of how many, how long it still takes, and the run itself. */
import { performance } from 'node:perf_hooks';
import type { CompareProgress } from '../rehearsal/compare.ts';
import type { Place } from '../reports/comparison/from-runs.ts';
import { plain } from '../reports/render/columns.ts';
import { durationText } from './duration.ts';
import type { Screen } from './outputs.ts';
import { nightProgress } from './progress.ts';
import { StatusLines } from './status-lines.ts';

/** @param nowMs a clock that never goes back. */
export function compareProgress(screen: Screen, nowMs = () => performance.now()): CompareProgress {
  const status = new StatusLines(screen);
  return {
    begins: (place, nth, of, leftMs) => {
      const begunMs = nowMs();
      status.say(`${runOf(place, nth, of)} (about ${durationText(leftMs)} left)`);
      return nightProgress(status, place.policy, () => leftMs - (nowMs() - begunMs));
    },
    kept: (place, nth, of) => {
      status.say(`${runOf(place, nth, of)} was measured before`);
    },
  };
}

function runOf({ policy, seed, role, again }: Place, nth: number, of: number): string {
  const name = `${plain(policy)}, seed ${seed}`;
  if (again) return `repeat ${nth} of ${of}, as it was void: ${name}`;
  return `run ${nth} of ${of}: ${name}${role === 'probe' ? ', to see whether the night hurts' : ''}`;
}
