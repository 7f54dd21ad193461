/** What somebody who watches a run sees: two lines that are rewritten on a terminal, plain lines elsewhere. */
import type { Observe } from '../rehearsal/night.ts';
import { paintFor, plain } from '../reports/render/columns.ts';
import { barSigns, Door } from './door.ts';
import { clock, type NightSecond, plainLine, type Surroundings, statusLines } from './night-second.ts';
import type { Screen } from './outputs.ts';
import { StatusLines } from './status-lines.ts';

const PLAIN_EVERY_S = 5;

/**
 * Prints a run's progress on `screen`.
 *
 * @param label what stands before each line, such as the build's name.
 */
export function printProgress(screen: Screen, label: string): Observe {
  return nightProgress(new StatusLines(screen), label);
}

/**
 * Prints the progress of one night of several.
 *
 * @param allLeftMs an estimate of the time until the last of them is over.
 */
export function nightProgress(status: StatusLines, label: string, allLeftMs?: () => number): Observe {
  const name = plain(label);
  const paint = paintFor(status.screen);
  const seconds = secondsOf(status, name, allLeftMs);
  return (observation) => {
    switch (observation.type) {
      case 'step':
        seconds.end();
        status.say(`${name}: ${plain(observation.text)}`);
        break;
      case 'moment':
        status.say(paint('bold', `${name} ${clock(observation.nightMs)}  * ${plain(observation.title)}`));
        break;
      case 'fault':
        status.say(
          paint('yellow', `${name} ${clock(observation.nightMs)}  ! fault: ${plain(observation.text)}`),
        );
        break;
      case 'second':
        seconds.look(observation);
        break;
    }
  };
}

/** Only the lines that are rewritten, and these only on a terminal: for what has a line of its own in the end. */
export function statusOnly(status: StatusLines, label: string): Observe {
  const around = surroundingsOf(status, plain(label));
  return (observation) => {
    if (observation.type === 'second') showSecond(status, observation, around);
  };
}

function secondsOf(status: StatusLines, label: string, allLeftMs: (() => number) | undefined) {
  const around = surroundingsOf(status, label);
  let count = 0;
  let unsaid: string | null = null;
  return {
    look: (second: NightSecond): void => {
      const now = { ...around, allLeftMs: allLeftMs === undefined ? null : allLeftMs() };
      showSecond(status, second, now);
      unsaid = plainLine(second, now);
      if (status.isRewritable || count++ % PLAIN_EVERY_S !== 0) return;
      status.say(unsaid);
      unsaid = null;
    },
    /** The last second stays, whether its turn was due or not. */
    end: (): void => {
      status.clear();
      if (unsaid !== null) status.say(unsaid);
      unsaid = null;
    },
  };
}

function showSecond(status: StatusLines, second: NightSecond, around: Surroundings): void {
  around.door.look(second.nightMs, second.counters['joined'] ?? 0);
  status.show(statusLines(second, around, status.width));
}

function surroundingsOf(status: StatusLines, label: string): Surroundings {
  return {
    label,
    door: new Door(),
    allLeftMs: null,
    barSigns: barSigns(process.env),
    paint: paintFor(status.screen),
  };
}
