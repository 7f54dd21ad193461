/**
 * Regressions that are put into the reference server on purpose, one way each, so that it can be measured whether the
 * gate catches them. Each is work or harm that a careless change would bring: none is scripted into what is measured.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { createAdmission } from '../admission/composition.ts';
import type { Admission } from '../admission/step.ts';
import { Tickets } from '../rooms/tickets.ts';

type Create = typeof createAdmission;

/** One seat of so many that somebody leaves or loses is never given back. */
const LEAKS_ONE_IN = 200;
/** A ticket's signature is checked so long, ms of CPU, where once takes hundredths of one. */
const TICKET_CHECK_MS = 2;

/**
 * What each does to the server; `none` is the same program without a regression, so that nothing else differs.
 *
 * @param joinBurnMs CPU that `cpu-join` adds to each first join, ms: a share of what a join was measured to cost.
 */
export const REGRESSIONS = {
  none: () => createAdmission,
  'cpu-join': (joinBurnMs) => {
    workPerMs();
    return costlyJoins(joinBurnMs);
  },
  'leaks-seats': () => leakySeats,
  'slow-tickets': () => {
    workPerMs();
    const { redeem } = Tickets.prototype;
    Tickets.prototype.redeem = function (...ticket) {
      burnCpu(TICKET_CHECK_MS);
      return redeem.apply(this, ticket);
    };
    return createAdmission;
  },
} as const satisfies Record<string, (joinBurnMs: number) => Create>;
export type RegressionName = keyof typeof REGRESSIONS;

/**
 * Work that cannot be optimised away, so much of it as takes this long alone. The clock of a thread's CPU moves in the kernel's
 * steps of some ms here, so that the work is counted instead, by what it cost when nobody interrupted.
 */
function burnCpu(ms: number): void {
  work(Math.round(ms * workPerMs()));
}

const KEY = randomBytes(32);
const CALIBRATION = { batches: 40, workEach: 1_000 };
let knownWorkPerMs: number | undefined;

/** Of several batches the fastest: others were interrupted, or ran before the code was compiled. */
function workPerMs(): number {
  if (knownWorkPerMs !== undefined) return knownWorkPerMs;
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < CALIBRATION.batches; batch++) {
    const startMs = performance.now();
    work(CALIBRATION.workEach);
    fastestMs = Math.min(fastestMs, performance.now() - startMs);
  }
  knownWorkPerMs = CALIBRATION.workEach / fastestMs;
  return knownWorkPerMs;
}

function work(times: number): void {
  for (let nth = 0; nth < times; nth++) createHmac('sha256', KEY).update(KEY).digest();
}

/** Each person's first seat costs so much more; who comes back to theirs has paid. */
function costlyJoins(burnMs: number): Create {
  return (...given) => {
    const paid = new Set<number>();
    return hearing(createAdmission(...given), (event) => {
      if (event.type === 'took' && !paid.has(event.personId)) {
        paid.add(event.personId);
        burnCpu(burnMs);
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
