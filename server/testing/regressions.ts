/**
 * Regressions that are put into the reference server on purpose, one way each, so that it can be measured whether the
 * gate catches them. Each is work or harm that a careless change would bring: none is scripted into what is measured.
 */
import { pieceOfWork } from '../../yardstick.ts';
import { createAdmission } from '../admission/composition.ts';
import type { Admission } from '../admission/step.ts';
import { Tickets } from '../rooms/tickets.ts';

type Create = typeof createAdmission;

/** One seat of so many that somebody leaves or loses is never given back. */
const LEAKS_ONE_IN = 200;
/** A ticket's check takes so many pieces of work more, some 2 ms where it took hundredths of one. */
const TICKET_CHECK_PIECES = 44;

/**
 * What each does to the server; `none` is the same program without a regression, so that nothing else differs.
 *
 * @param joinPieces work that `cpu-join` adds to each first join: a share of what a join was measured to cost.
 */
export const REGRESSIONS = {
  none: () => createAdmission,
  'cpu-join': (joinPieces) => costlyJoins(joinPieces),
  'leaks-seats': () => leakySeats,
  'slow-tickets': () => {
    const { redeem } = Tickets.prototype;
    Tickets.prototype.redeem = function (...ticket) {
      pieceOfWork(TICKET_CHECK_PIECES);
      return redeem.apply(this, ticket);
    };
    return createAdmission;
  },
} as const satisfies Record<string, (joinPieces: number) => Create>;
export type RegressionName = keyof typeof REGRESSIONS;

/** Each person's first seat costs so much more; who comes back to theirs has paid. */
function costlyJoins(pieces: number): Create {
  return (...given) => {
    const paid = new Set<number>();
    return hearing(createAdmission(...given), (event) => {
      if (event.type === 'took' && !paid.has(event.personId)) {
        paid.add(event.personId);
        pieceOfWork(pieces);
      }
      return true;
    });
  };
}

/**
 * The control does not hear of every 200th sitter of the main room who goes, and keeps the seat for them. A leak in an overflow
 * room would be found at once: promoted from it, somebody who is gone stops the server.
 */
function leakySeats(...given: Parameters<Create>): Admission {
  const [, mainRoom] = given;
  const inMain = new Set<number>();
  let went = 0;
  const admission = createAdmission(...given);
  const noting: Admission = {
    ...admission,
    step: (event, nowMs, draw) => {
      const decisions = admission.step(event, nowMs, draw);
      for (const decision of decisions) {
        if (decision.type === 'seat' && decision.room === mainRoom) inMain.add(decision.personId);
        if (decision.type === 'move' && decision.to === mainRoom) inMain.add(decision.personId);
      }
      return decisions;
    },
  };
  return hearing(noting, (event) => {
    if ((event.type !== 'left' && event.type !== 'vanished') || !inMain.delete(event.personId)) return true;
    went += 1;
    return went % LEAKS_ONE_IN !== 0;
  });
}

function hearing(
  admission: Admission,
  hears: (event: Parameters<Admission['step']>[0]) => boolean,
): Admission {
  return {
    ...admission,
    step: (event, nowMs, draw) => (hears(event) ? admission.step(event, nowMs, draw) : []),
  };
}
