import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaptiveFor, adaptiveParameters } from './adaptive.ts';
import { type AdmissionComposition, createAdmission } from './composition.ts';
import { priorityParameters } from './priority.ts';
import type { Admission, AdmissionEvent, Decision } from './step.ts';
import { type Move, World } from './testing/history.ts';

const GUARDED: AdmissionComposition = {
  priority: null,
  cap: { kind: 'exact', seats: 3 },
  queue: { ticketLifeMs: 1_000, positionsEveryMs: 500, peopleMax: 100_000 },
  pacing: null,
  adaptive: null,
  hold: { holdMs: 1_000 },
  overflow: { seats: 2, roomsMax: 2, closeAfterMs: 2_000 },
};
const SOFT: AdmissionComposition = {
  priority: null,
  cap: { kind: 'soft', seats: 3 },
  queue: null,
  pacing: null,
  adaptive: null,
  hold: null,
  overflow: null,
};

const personId = fc.integer({ min: 1, max: 12 });
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      personId,
      claim: fc.constantFrom('none' as const, 'seat' as const, 'place' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('took' as const), personId }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('left' as const, 'vanished' as const), personId }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 1_500 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('observed' as const),
      eventLoopLagMs: fc.constantFrom(1, 50, 500),
      workerCpuShare: fc.constantFrom(null, 0.2, 0.99),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('emptied' as const) }) },
);
const composition: fc.Arbitrary<AdmissionComposition> = fc
  .record({
    priority: fc.option(
      fc.constantFrom(2, 3).map((lastLaneOneIn) => priorityParameters.parse({ lastLaneOneIn })),
    ),
    cap: fc.record({
      kind: fc.constantFrom('none' as const, 'soft' as const, 'exact' as const),
      seats: fc.integer({ min: 1, max: 5 }),
    }),
    queue: fc.option(
      fc.record({
        ticketLifeMs: fc.constant(1_000),
        positionsEveryMs: fc.constant(500),
        peopleMax: fc.integer({ min: 1, max: 12 }),
      }),
    ),
    pacing: fc.option(
      fc.record({ seatsPerSecond: fc.constantFrom(1, 5, 100), burst: fc.constantFrom(1, 3) }),
    ),
    adaptive: fc.option(
      fc.constantFrom(1, 3).map((seatsMin) => adaptiveFor(adaptiveParameters.parse({ seatsMin }), 5)),
    ),
    hold: fc.option(fc.record({ holdMs: fc.constantFrom(500, 1_000) })),
    overflow: fc.option(
      fc.record({
        seats: fc.integer({ min: 1, max: 3 }),
        roomsMax: fc.integer({ min: 0, max: 2 }),
        closeAfterMs: fc.constant(2_000),
      }),
    ),
  })
  .map((how) => (how.cap.kind === 'none' ? { ...how, overflow: null } : how));
/** `size`: long histories, as it takes a dozen moves to fill the main room and an overflow room. */
const history = fc.array(move, { maxLength: 120, size: 'max' });

describe('whatever happens', () => {
  test('caps hold, the queue is fair, promotion goes by arrival and the books agree', () => {
    fc.assert(
      fc.property(composition, history, (how, moves) => {
        new World(how).play(moves);
      }),
      { numRuns: 4_000 },
    );
  });

  test('no seat and no place is leaked', () => {
    fc.assert(
      fc.property(composition, history, (how, moves) => {
        const world = new World(how);
        world.play(moves);
        world.empty();
        expect(world.admission.waiting()).toBe(0);
        expect(world.admission.occupancy()).toEqual([
          {
            room: 'main',
            seats: how.cap.kind === 'none' ? null : how.cap.seats,
            decided: 0,
            taken: 0,
            held: 0,
          },
        ]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the same history gives the same decisions', () => {
    fc.assert(
      fc.property(composition, history, (how, moves) => {
        expect(new World(how).play(moves)).toEqual(new World(how).play(moves));
      }),
      { numRuns: 500 },
    );
  });
});

/** A policy at one instant after another, with the shortest words for what happens. */
function scene(how: AdmissionComposition, admission: Admission = createAdmission(how, 'main')) {
  let nowMs = 0;
  const step = (event: AdmissionEvent): readonly Decision[] => admission.step(event, nowMs, () => 0);
  return {
    admission,
    ask: (id: number, claim: Extract<AdmissionEvent, { type: 'asked' }>['claim'] = { kind: 'none' }) =>
      step({ type: 'asked', personId: id, claim }),
    took: (id: number) => step({ type: 'took', personId: id }),
    left: (id: number) => step({ type: 'left', personId: id }),
    vanished: (id: number) => step({ type: 'vanished', personId: id }),
    honours: (id: number, claim: Extract<AdmissionEvent, { type: 'asked' }>['claim']) =>
      admission.honours(id, claim, nowMs),
    after: (ms: number) => {
      nowMs += ms;
      return step({ type: 'tick' });
    },
    sit(...ids: number[]) {
      for (const id of ids) {
        this.ask(id);
        this.took(id);
      }
    },
  };
}

describe('the cap', () => {
  test('soft: everybody who asks before the first has taken a seat gets one', () => {
    const room = scene(SOFT);
    const decisions = Array.from({ length: 10 }, (_, index) => room.ask(index + 1)[0]);
    expect(decisions.map((one) => one?.type)).toEqual(new Array(10).fill('seat'));
    for (let id = 1; id <= 10; id += 1) room.took(id);
    expect(room.admission.occupancy()[0]).toMatchObject({ seats: 3, decided: 0, taken: 10 });
    expect(room.ask(11)).toEqual([{ type: 'full', personId: 11, retryAfterMs: null }]);
  });

  test('soft: the overshoot is exactly who was under way when the last seat was taken', () => {
    const room = scene(SOFT);
    room.ask(1);
    room.ask(2);
    room.ask(3);
    room.ask(4);
    room.took(1);
    room.took(2);
    expect(room.ask(5)[0]).toMatchObject({ type: 'seat', seat: 5 });
    room.took(3);
    expect(room.ask(6)[0]).toMatchObject({ type: 'full' });
    room.took(4);
    room.took(5);
    expect(room.admission.occupancy()[0]?.taken).toBe(5);
  });

  test('exact: a decided seat counts at once', () => {
    const room = scene({ ...SOFT, cap: { kind: 'exact', seats: 3 } });
    const decisions = Array.from({ length: 5 }, (_, index) => room.ask(index + 1)[0]?.type);
    expect(decisions).toEqual(['seat', 'seat', 'seat', 'full', 'full']);
  });

  test('the smallest free seat is given again', () => {
    const room = scene({ ...SOFT, cap: { kind: 'exact', seats: 4 } });
    room.sit(1, 2, 3, 4);
    room.left(3);
    room.left(2);
    expect(room.ask(5)[0]).toMatchObject({ seat: 2 });
    expect(room.ask(6)[0]).toMatchObject({ seat: 3 });
  });
});

describe('the waiting room', () => {
  const QUEUE = { ...GUARDED, overflow: null };

  test('first come, first served, and positions are told as they change', () => {
    const room = scene(QUEUE);
    room.sit(1, 2, 3);
    expect(room.ask(4)[0]).toMatchObject({ type: 'wait', position: 1, estimatedWaitMs: null });
    expect(room.ask(5)[0]).toMatchObject({ type: 'wait', position: 2 });
    expect(room.ask(6)[0]).toMatchObject({ type: 'wait', position: 3 });
    expect(room.left(2).map((one) => one.type)).toEqual(['release', 'seat']);
    room.after(0);
    expect(room.after(500)).toMatchObject([
      { type: 'wait', personId: 5, position: 1 },
      { type: 'wait', personId: 6, position: 2 },
    ]);
    expect(room.after(500)).toEqual([]);
  });

  test('an absent head is passed over, keeps its place for the ticket, and then loses it', () => {
    const room = scene(QUEUE);
    room.sit(1, 2, 3);
    for (const id of [4, 5, 6, 7]) room.ask(id);
    room.vanished(4);
    room.vanished(5);
    expect(room.left(1)).toMatchObject([{ type: 'release' }, { type: 'seat', personId: 6 }]);
    expect(room.honours(4, { kind: 'place', sequence: 4 })).toBe(true);
    expect(room.ask(4, { kind: 'place', sequence: 4 })).toMatchObject([
      { type: 'wait', personId: 4, sequence: 4, position: 1 },
    ]);
    expect(room.after(1_000)[0]).toEqual({ type: 'expire', personId: 5, sequence: 5 });
    expect(room.honours(5, { kind: 'place', sequence: 5 })).toBe(false);
    expect(room.left(2)).toMatchObject([{ type: 'release' }, { type: 'seat', personId: 4 }]);
  });

  test('the place of somebody else is not honoured', () => {
    const room = scene(QUEUE);
    room.sit(1, 2, 3);
    room.ask(4);
    room.ask(5);
    expect(room.honours(5, { kind: 'place', sequence: 4 })).toBe(false);
    expect(room.honours(9, { kind: 'place', sequence: 4 })).toBe(false);
  });

  test('a full waiting room says full', () => {
    const room = scene({ ...QUEUE, queue: { ...QUEUE.queue!, peopleMax: 1 } });
    room.sit(1, 2, 3);
    room.ask(4);
    expect(room.ask(5)).toEqual([{ type: 'full', personId: 5, retryAfterMs: null }]);
  });

  test('the estimate is the measured pace of those who waited', () => {
    const room = scene({
      ...QUEUE,
      pacing: { seatsPerSecond: 10, burst: 1 },
      cap: { kind: 'exact', seats: 9 },
    });
    for (let id = 1; id <= 9; id += 1) room.ask(id);
    for (let turn = 0; turn < 5; turn += 1) room.after(100);
    expect(room.ask(10)[0]).toMatchObject({ type: 'wait', position: 4, estimatedWaitMs: 320 });
  });
});

describe('pacing', () => {
  test('without a queue each refusal is told another instant', () => {
    const room = scene({ ...SOFT, pacing: { seatsPerSecond: 10, burst: 2 } });
    expect([1, 2, 3, 4].map((id) => room.ask(id)[0])).toMatchObject([
      { type: 'seat' },
      { type: 'seat' },
      { type: 'full', retryAfterMs: 100 },
      { type: 'full', retryAfterMs: 200 },
    ]);
    room.after(100);
    expect(room.ask(3)[0]?.type).toBe('seat');
  });

  test('with a queue seats are given at the pace', () => {
    const room = scene({ ...GUARDED, pacing: { seatsPerSecond: 10, burst: 1 } });
    room.ask(1);
    room.ask(2);
    room.ask(3);
    expect(room.after(50)).toEqual([]);
    expect(room.after(50)).toMatchObject([{ type: 'seat', personId: 2 }]);
    expect(room.after(100)).toMatchObject([{ type: 'seat', personId: 3 }]);
  });
});

describe('held seats', () => {
  const HELD = { ...GUARDED, overflow: null };

  test('the owner comes back to the same seat, past the queue', () => {
    const room = scene(HELD);
    room.sit(1, 2, 3);
    room.ask(4);
    expect(room.vanished(2)).toEqual([{ type: 'hold', personId: 2, room: 'main', seat: 2, holdMs: 1_000 }]);
    room.after(999);
    expect(room.ask(2, { kind: 'seat', room: 'main', seat: 2 })).toEqual([
      { type: 'seat', personId: 2, room: 'main', seat: 2, resumed: true },
    ]);
  });

  test('an unclaimed hold lapses and the queue moves on', () => {
    const room = scene(HELD);
    room.sit(1, 2, 3);
    room.ask(4);
    room.vanished(2);
    expect(room.after(1_000)).toMatchObject([
      { type: 'release', personId: 2, seat: 2, cause: 'expired' },
      { type: 'seat', personId: 4, seat: 2 },
    ]);
    expect(room.honours(2, { kind: 'seat', room: 'main', seat: 2 })).toBe(false);
  });

  test('who asks without the ticket gives the held seat up', () => {
    const room = scene(HELD);
    room.sit(1, 2, 3);
    room.ask(4);
    room.vanished(2);
    expect(room.ask(2)).toMatchObject([
      { type: 'release', personId: 2, cause: 'superseded' },
      { type: 'seat', personId: 4, seat: 2 },
      { type: 'wait', personId: 2, position: 1 },
    ]);
  });

  test('a seat that was never taken is not held', () => {
    const room = scene(HELD);
    room.ask(1);
    expect(room.vanished(1)).toMatchObject([{ type: 'release', cause: 'vanished' }]);
  });

  test('seats of an earlier process are held for their owners; their places are honoured in order', () => {
    const inheritance = {
      seats: [
        { personId: 8, room: 'main-overflow-1', seat: 2 },
        { personId: 7, room: 'main', seat: 3 },
      ],
      nextSequence: 100,
    };
    const room = scene(GUARDED, createAdmission(GUARDED, 'main', inheritance));
    expect(room.after(0)).toEqual([
      { type: 'open-room', room: 'main-overflow-1', seats: 2, relayOf: 'main' },
      { type: 'hold', personId: 8, room: 'main-overflow-1', seat: 2, holdMs: 1_000 },
      { type: 'hold', personId: 7, room: 'main', seat: 3, holdMs: 1_000 },
    ]);
    expect(room.ask(7, { kind: 'seat', room: 'main', seat: 3 })).toMatchObject([{ seat: 3, resumed: true }]);
    room.sit(1, 2, 3);
    room.sit(4, 5);
    room.ask(6);
    expect(room.ask(11)).toMatchObject([{ type: 'wait', position: 2 }]);
    expect(room.ask(12, { kind: 'place', sequence: 41 })).toMatchObject([
      { type: 'wait', position: 1, sequence: 41 },
    ]);
    expect(room.ask(13, { kind: 'place', sequence: 41 })).toMatchObject([{ type: 'wait', position: 4 }]);
  });
});

describe('overflow', () => {
  test('opens when the main room is full, promotes by arrival, and the queue follows', () => {
    const room = scene({ ...GUARDED, overflow: { seats: 1, roomsMax: 1, closeAfterMs: 5_000 } });
    room.sit(1, 2, 3);
    expect(room.ask(4)).toEqual([
      { type: 'open-room', room: 'main-overflow-1', seats: 1, relayOf: 'main' },
      { type: 'seat', personId: 4, room: 'main-overflow-1', seat: 1, resumed: false },
    ]);
    room.took(4);
    room.ask(5);
    expect(room.left(1)).toMatchObject([
      { type: 'release', personId: 1 },
      { type: 'move', personId: 4, from: 'main-overflow-1', to: 'main', seat: 1 },
      { type: 'seat', personId: 5, room: 'main-overflow-1' },
    ]);
  });

  test('a freed main seat waits for somebody whose overflow seat is being taken', () => {
    const room = scene({ ...GUARDED, overflow: { seats: 1, roomsMax: 1, closeAfterMs: 5_000 } });
    room.sit(1, 2, 3);
    room.ask(4);
    room.ask(5);
    expect(room.left(1).map((one) => one.type)).toEqual(['release']);
    expect(room.took(4)).toMatchObject([{ type: 'move', personId: 4, seat: 1 }]);
    expect(room.after(25)).toMatchObject([{ type: 'seat', personId: 5, room: 'main-overflow-1' }]);
  });

  test('without a queue whoever would be refused gets an overflow seat, until all rooms are full', () => {
    const room = scene({
      ...SOFT,
      cap: { kind: 'exact', seats: 1 },
      overflow: { seats: 1, roomsMax: 2, closeAfterMs: 5_000 },
    });
    expect([1, 2, 3, 4].map((id) => room.ask(id).at(-1))).toMatchObject([
      { room: 'main' },
      { room: 'main-overflow-1' },
      { room: 'main-overflow-2' },
      { type: 'full' },
    ]);
  });

  test('closes when it was empty, with room in the main room, for long enough', () => {
    const room = scene(GUARDED);
    room.sit(1, 2, 3, 4);
    room.left(4);
    expect(room.after(5_000)).toEqual([]);
    room.left(3);
    expect(room.after(0)).toEqual([]);
    expect(room.after(1_999)).toEqual([]);
    expect(room.after(1)).toEqual([{ type: 'close-room', room: 'main-overflow-1' }]);
  });
});
