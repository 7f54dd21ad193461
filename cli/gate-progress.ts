/** What somebody who watches a gate sees: a line a run, and how long it still takes. */
import type { GateProgress } from '../rehearsal/gate/run-gate.ts';
import type { KneeProgress } from '../rehearsal/gate/run-knee.ts';
import { PROBE_HEAD } from '../reports/capacity/terminal.ts';
import type { GateOptions } from '../reports/gate/options.ts';
import { scaleText } from '../reports/render/format.ts';
import { durationText } from './duration.ts';
import type { Screen } from './outputs.ts';
import { probeLines } from './probe-lines.ts';

/** @param options after how many pairs it looks, and whether the knee comes then. */
export function gateProgress(
  screen: Screen,
  { looks, judgeKnee }: Pick<GateOptions, 'looks' | 'judgeKnee'>,
): GateProgress {
  const say = (text: string): void => {
    screen.write(`${text}\n`);
  };
  return {
    kept: (runs) => say(`${runs} runs were measured before`),
    begins: ({ nth, side, seed }, { toLookMs, atMostMs }) => {
      const until = looks.find((look) => look > nth) ?? looks.at(-1)!;
      const most = atMostMs > toLookMs ? `, ${durationText(atMostMs)} at most` : '';
      say(
        `pair ${nth + 1}, ${side}, seed ${seed}: ${durationText(toLookMs)} to the look after ${until}${most}${judgeKnee ? ', then the knee' : ''}`,
      );
    },
    ended: (_side, { figures: { costs, voidReasons } }) => {
      const cpu = costs.serverCpuMsPerJoin;
      say(
        voidReasons.length > 0
          ? `  void: ${voidReasons[0]}`
          : `  server ${cpu === null ? '?' : cpu.toFixed(2)} ms a join, ${costs.messagesPerJoin?.toFixed(1)} messages`,
      );
    },
    again: ({ verdict }) => say(`void (${verdict.reasons[0]}): once more, from the beginning`),
    knee: kneeProgress(screen, say),
  };
}

function kneeProgress(screen: Screen, say: (text: string) => void): KneeProgress {
  const { begins, ended } = probeLines(screen);
  return {
    search: (minutes, atMostMs) =>
      say(
        `\nthe knee of the base, ${minutes} min at most, then both sides below it: ${durationText(atMostMs)} at most\n${PROBE_HEAD}`,
      ),
    level: (scale, pairs, leftMs) =>
      say(`both sides at scale ${scaleText(scale)}, ${pairs} pairs: ${durationText(leftMs)}\n${PROBE_HEAD}`),
    begins,
    ended,
    again: (reason) => say(`the knee is void (${reason}): once more, from its beginning`),
  };
}
