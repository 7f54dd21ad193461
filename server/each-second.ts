/** The rows that the server writes once a second: seats, queue, traffic, and how long its event loop stood still. */
import type { Admission, ServerSignals } from './admission/step.ts';
import type { ServerLog } from './log.ts';
import type { Signals } from './signals.ts';

/** How often the event loop is asked to turn; a longer gap than this is a stall. */
const TURN_MS = 20;

/**
 * @param onSecond hears of the server's condition, once a second.
 */
export function startEachSecond(
  log: ServerLog,
  admission: Admission,
  signals: Signals,
  onSecond: (observed: ServerSignals) => void,
  nowMs: () => number,
): { stop(): void } {
  let lastTurnMs = nowMs();
  let stallMs = 0;
  const turn = (): void => {
    const atMs = nowMs();
    stallMs = Math.max(stallMs, atMs - lastTurnMs);
    signals.turned(atMs - lastTurnMs - TURN_MS);
    lastTurnMs = atMs;
  };
  const second = (): void => {
    turn();
    for (const { room, taken, held } of admission.occupancy()) {
      log.row('seats-taken', null, { room, value: taken });
      log.row('seats-held', null, { room, value: held });
    }
    const counts = log.takeCounts();
    log.row('queue', null, { value: admission.waiting() });
    log.row('deliveries', null, { value: counts.deliveries });
    log.row('hallway', null, { value: counts.hallway });
    log.row('tickets-issued', null, { value: counts.ticketsIssued });
    log.row('bytes-in', null, { value: counts.bytesIn });
    log.row('bytes-out', null, { value: counts.bytesOut });
    log.row('messages-in', null, { value: counts.messagesIn });
    log.row('messages-out', null, { value: counts.messagesOut });
    log.row('stall', null, { value: Math.round(stallMs * 1000) / 1000 });
    stallMs = 0;
    const observed = signals.take();
    if (observed.workerCpuShare !== null)
      log.row('worker-cpu', null, { value: Math.round(observed.workerCpuShare * 1000) / 1000 });
    const limit = admission.limit(nowMs());
    if (limit !== null) log.row('limit', null, { value: limit });
    onSecond(observed);
  };
  const turns = setInterval(turn, TURN_MS);
  const seconds = setInterval(second, 1_000);
  return {
    stop: () => {
      clearInterval(turns);
      clearInterval(seconds);
      second();
    },
  };
}
