/**
 * Admission controls that are broken on purpose, one way each, for the tests of the checks that must catch them. Each is
 * the real one with something done to what it hears or says.
 */
import { createAdmission } from '../admission/composition.ts';
import type { Admission, AdmissionEvent, Decision } from '../admission/step.ts';
import { Tickets } from '../rooms/tickets.ts';

type Create = typeof createAdmission;

/** What is wrong with it, and the control that has it. */
export const BREAKS = {
  honest: createAdmission,
  'ignores-the-cap': (composition, ...rest) =>
    createAdmission({ ...composition, cap: { kind: 'exact', seats: 100_000 } }, ...rest),
  'serves-the-last-first': (...given) => lastFirst(createAdmission(...given)),
  'exaggerates-the-wait': (...given) =>
    saying(createAdmission(...given), (decision) =>
      decision.type === 'wait' && decision.estimatedWaitMs !== null
        ? { ...decision, estimatedWaitMs: 4 * decision.estimatedWaitMs + 2_000 }
        : decision,
    ),
  /** Whoever is lost from a seat is forgotten, and the seat stays theirs for ever. */
  'forgets-the-lost': (...given) => {
    const seated = new Set<number>();
    return hearing(createAdmission(...given), (event) => {
      if (event.type === 'took') seated.add(event.personId);
      return event.type !== 'vanished' || !seated.has(event.personId);
    });
  },
  /** Used tickets are not remembered. */
  'honours-used-tickets': (...given) => {
    const { redeem } = Tickets.prototype;
    Tickets.prototype.redeem = function (...ticket) {
      const redeemed = redeem.apply(this, ticket);
      if (redeemed.ok) this.giveBack(redeemed.nonce);
      return redeemed;
    };
    return createAdmission(...given);
  },
  'queues-the-seated': (...given) => {
    const admission = createAdmission(...given);
    return {
      ...admission,
      step: (event, nowMs, draw) => {
        const decisions = admission.step(event, nowMs, draw);
        if (event.type !== 'took') return decisions;
        const place = { sequence: 1, position: 1, estimatedWaitMs: null, lane: null } as const;
        return [...decisions, { type: 'wait', personId: event.personId, ...place }];
      },
    };
  },
  /** One ask in five is not heard. */
  'drops-asks': (...given) => {
    let asks = 0;
    return hearing(createAdmission(...given), (event) => {
      if (event.type === 'asked') asks += 1;
      return event.type !== 'asked' || asks % 5 !== 0;
    });
  },
  'ejects-in-silence': (...given) => ejectsInSilence(createAdmission(...given)),
} as const satisfies Record<string, Create>;
export type Break = keyof typeof BREAKS;

function saying(admission: Admission, change: (decision: Decision) => Decision): Admission {
  return {
    ...admission,
    step: (event, nowMs, draw) => admission.step(event, nowMs, draw).map(change),
  };
}

function hearing(admission: Admission, hears: (event: AdmissionEvent) => boolean): Admission {
  return {
    ...admission,
    step: (event, nowMs, draw) => (hears(event) ? admission.step(event, nowMs, draw) : []),
  };
}

/** Releases the seat of one sitter in every tenth tick, and neither the door nor the listener hears of a loss. */
function ejectsInSilence(admission: Admission): Admission {
  const seated = new Set<number>();
  let ticks = 0;
  return {
    ...admission,
    step: (event, nowMs, draw) => {
      const decisions = admission.step(event, nowMs, draw);
      if (event.type === 'took') seated.add(event.personId);
      if (event.type === 'left' || event.type === 'vanished') seated.delete(event.personId);
      ticks += event.type === 'tick' ? 1 : 0;
      const [personId] = seated;
      if (event.type !== 'tick' || ticks % 10 !== 0 || personId === undefined) return decisions;
      seated.delete(personId);
      return [...decisions, ...admission.step({ type: 'left', personId }, nowMs, draw)];
    },
  };
}

/**
 * Whoever came last is served first: when the control seats the first in the queue, that one changes places with the last,
 * and goes by the other's name within the control from then on.
 */
function lastFirst(admission: Admission): Admission {
  const waiting: number[] = [];
  const within = new Map<number, number>();
  const without = new Map<number, number>();
  const inside = (personId: number): number => within.get(personId) ?? personId;
  const outside = (personId: number): number => without.get(personId) ?? personId;
  const rename = (personId: number, name: number): void => {
    within.set(personId, name);
    without.set(name, personId);
  };
  const forget = (personId: number): void => {
    const at = waiting.indexOf(personId);
    if (at >= 0) waiting.splice(at, 1);
  };
  const translated = (decision: Decision): Decision => {
    if (!('personId' in decision)) return decision;
    const first = outside(decision.personId);
    const last = waiting.at(-1);
    if (decision.type === 'wait' && !waiting.includes(first)) waiting.push(first);
    if (decision.type !== 'seat' || last === undefined || !waiting.includes(first))
      return { ...decision, personId: first };
    const name = inside(last);
    rename(last, decision.personId);
    rename(first, name);
    forget(last);
    return { ...decision, personId: last };
  };
  return {
    ...admission,
    honours: (personId, claim, nowMs) => admission.honours(inside(personId), claim, nowMs),
    step: (event, nowMs, draw) => {
      if (event.type === 'left' || event.type === 'vanished') forget(event.personId);
      const heard = 'personId' in event ? { ...event, personId: inside(event.personId) } : event;
      return admission.step(heard, nowMs, draw).map(translated);
    },
  };
}
