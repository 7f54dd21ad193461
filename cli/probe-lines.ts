/** What somebody who watches probes sees: a line for each that is over; until then a terminal shows its seconds. */
import type { CapacityProgress } from '../rehearsal/capacity/run-capacity.ts';
import { probeLine } from '../reports/capacity/terminal.ts';
import { scaleText } from '../reports/render/format.ts';
import { durationText } from './duration.ts';
import type { Screen } from './outputs.ts';
import { statusOnly } from './progress.ts';
import { StatusLines } from './status-lines.ts';

/** Told of probes whose label is whose server they met, it says so on `screen`. */
export function probeLines(screen: Screen): CapacityProgress {
  const status = new StatusLines(screen);
  return {
    begins: (label, scale) => statusOnly(status, `${label} ×${scaleText(scale)}`),
    ended: (label, probe, kept, leftMs) => {
      status.clear();
      status.say(probeLine(label, probe, kept ? 'kept' : `${durationText(leftMs)} left`));
    },
  };
}
