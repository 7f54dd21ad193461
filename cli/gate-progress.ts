/** What somebody who watches a gate sees: a line a run, and how long it still takes. */
import type { GateProgress } from '../rehearsal/gate/run-gate.ts';
import { durationText } from './duration.ts';
import type { Screen } from './outputs.ts';

/** @param looks after how many pairs it looks. */
export function gateProgress(screen: Screen, looks: readonly number[]): GateProgress {
  const say = (text: string): void => {
    screen.write(`${text}\n`);
  };
  return {
    kept: (runs) => say(`${runs} runs were measured before`),
    begins: ({ nth, side, seed }, { toLookMs, atMostMs }) => {
      const until = looks.find((look) => look > nth) ?? looks.at(-1)!;
      const most = atMostMs > toLookMs ? `, ${durationText(atMostMs)} at most` : '';
      say(
        `pair ${nth + 1}, ${side}, seed ${seed}: ${durationText(toLookMs)} to the look after ${until}${most}`,
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
  };
}
