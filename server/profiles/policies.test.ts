/** Each named policy under thousands of random histories, as a night configures it, and what it promises. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAdmission } from '../admission/composition.ts';
import { contradictions, readPolicy } from '../admission/parts.ts';
import { type Move, World } from '../admission/testing/history.ts';
import type { ServerConfig } from '../config.ts';
import { compositionOf } from './compose.ts';
import { PROFILES } from './features.ts';
import {
  DEFAULT_POLICY,
  featuresOfParts,
  POLICIES,
  type PolicyName,
  partsOfFeatures,
  policyNamed,
} from './policies.ts';

const names = Object.keys(POLICIES) as PolicyName[];

function composed(name: PolicyName) {
  const { parts, parameters } = policyNamed(name);
  return compositionOf({
    features: { ...PROFILES.guarded, ...featuresOfParts(parts) },
    policyParameters: parameters,
    mainRoom: { room: 'main', title: 'Main', seats: 4 },
    overflow: { seats: 2, roomsMax: 2, closeAfterMs: 1_000 },
    pacing: { seatsPerSecond: 20, burst: 2 },
    timers: { ticketLifeMs: 800, positionsEveryMs: 300, seatHoldMs: 600 } as ServerConfig['timers'],
    limits: { queueMax: 1_000 } as ServerConfig['limits'],
  });
}

const person = fc.integer({ min: 1, max: 14 });
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      personId: person,
      claim: fc.constantFrom('none' as const, 'seat' as const, 'place' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('took' as const), personId: person }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('left' as const, 'vanished' as const), personId: person }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(700) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('observed' as const),
      eventLoopLagMs: fc.constantFrom(0, 30, 400),
      workerCpuShare: fc.constantFrom(null, 0.3, 1),
    }),
  },
);
const history = fc.array(move, { maxLength: 100, size: 'max' });

describe.each(names)('%s', (name) => {
  test('keeps its books, its cap and its order, leaks nothing, and decides the same again', () => {
    fc.assert(
      fc.property(history, (moves) => {
        const world = new World(composed(name));
        const decisions = world.play(moves);
        expect(new World(composed(name)).play(moves)).toEqual(decisions);
        world.empty();
        expect(world.admission.waiting()).toBe(0);
        expect(world.admission.occupancy()).toMatchObject([{ room: 'main', decided: 0, taken: 0, held: 0 }]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is right by construction, and its features say what its parts do', () => {
    const read = readPolicy(POLICIES[name]);
    expect(read).toMatchObject({ ok: true });
    const { parts, parameters } = policyNamed(name);
    expect(partsOfFeatures(featuresOfParts(parts))).toEqual(parts);
    expect(contradictions(parts, parameters)).toEqual([]);
  });
});

test('each profile has the features of its policy', () => {
  for (const [profile, policy] of Object.entries(DEFAULT_POLICY)) {
    expect(PROFILES[profile as keyof typeof PROFILES]).toMatchObject(
      featuresOfParts(policyNamed(policy).parts),
    );
  }
});

const asks = (name: PolicyName, count: number) => {
  const admission = createAdmission(composed(name), 'main');
  return Array.from(
    { length: count },
    (_, nth) =>
      admission.step({ type: 'asked', personId: nth + 1, claim: { kind: 'none' } }, 0, () => 0.5).at(-1)!,
  );
};

test('what ten people hear who ask at the same instant', () => {
  const heard = Object.fromEntries(
    names.map((name) => [
      name,
      asks(name, 10)
        .map(({ type }) => type.charAt(0))
        .join(''),
    ]),
  );
  expect(heard).toEqual({
    open: 'ssssssssss',
    // Nobody has taken a seat yet: everybody overtakes the check.
    'cap-soft': 'ssssssssss',
    cap: 'ssssffffff',
    'token-bucket': 'ssffffffff',
    'waiting-room': 'sswwwwwwww',
    adaptive: 'ssssssssss',
    priority: 'sswwwwwwww',
  });
});

test('a refusal is honest: a time to retry where one is known, none where there is no seat', () => {
  expect(asks('cap', 5)[4]).toEqual({ type: 'full', personId: 5, retryAfterMs: null });
  expect(asks('token-bucket', 4)[3]).toEqual({ type: 'full', personId: 4, retryAfterMs: 100 });
});

test('whoever lost a seat goes before whoever was never in', () => {
  const admission = createAdmission({ ...composed('priority'), hold: null, overflow: null }, 'main');
  const step = (event: Parameters<typeof admission.step>[0]) => admission.step(event, 0, () => 0.5);
  const ask = (personId: number) => step({ type: 'asked', personId, claim: { kind: 'none' } });
  for (let personId = 1; personId <= 4; personId += 1) {
    ask(personId);
    step({ type: 'took', personId });
  }
  ask(5);
  step({ type: 'vanished', personId: 1 });
  step({ type: 'took', personId: 5 });
  ask(6);
  expect(ask(1).at(-1)).toMatchObject({ type: 'wait', lane: 'returning', position: 1 });
  expect(step({ type: 'left', personId: 2 })).toMatchObject([
    { type: 'release' },
    { type: 'seat', personId: 1 },
  ]);
});
