import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { steady } from '../../scenarios/library/steady.ts';
import { zuckerberg } from '../../scenarios/library/zuckerberg.ts';
import { scenarioSchema } from '../../scenarios/schema.ts';
import { listenerMessages, profile } from '../../server/protocol/messages.ts';
import { drawPlan } from '../plan/plan.ts';
import { createPersonas } from './persona.ts';
import { createTraits } from './traits.ts';

const night = scenarioSchema.parse(zuckerberg);
const plan = drawPlan(night, 4);
const people = Array.from({ length: plan.size }, (_, id) => id);
const personas = people.map(createPersonas(plan, 4));

describe('createPersonas', () => {
  test('nobody depends on who was asked for before', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(plan.size - 1), { minLength: 1, maxLength: 40 }), (ids) => {
        const one = createPersonas(plan, 4);
        for (const id of ids) expect(one(id)).toEqual(personas[id]);
        expect(one(ids[0]!)).toBe(one(ids[0]!));
      }),
      { numRuns: 50 },
    );
  });

  test('another seed gives other people', () => {
    const others = people.map(createPersonas(drawPlan(night, 5), 5));
    expect(others.map(({ name }) => name)).not.toEqual(personas.map(({ name }) => name));
    expect(others.map(({ profile: { bio } }) => bio)).not.toEqual(
      personas.map(({ profile: { bio } }) => bio),
    );
  });

  test('everybody fits the protocol and has a handle of their own', () => {
    for (const one of personas) {
      expect(profile.parse(one.profile)).toEqual(one.profile);
      expect(one.name.length).toBeGreaterThan(0);
      expect(one.name.length).toBeLessThanOrEqual(64);
      expect([one.name, one.profile.bio].every((text) => text.isWellFormed())).toBe(true);
      expect(new Intl.Locale(one.profile.locale).toString()).toBe(one.profile.locale);
    }
    expect(new Set(personas.map(({ profile: { handle } }) => handle)).size).toBe(plan.size);
  });

  test('a handle has room for the largest number, and no two numbers share one', () => {
    const handleOf = (personId: number) => {
      const person = { ...plan.personAt(0), personId };
      return createPersonas({ ...plan, personAt: () => person }, 4)(personId).profile.handle;
    };
    fc.assert(
      fc.property(fc.tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff)), ([one, other]) => {
        expect(handleOf(one)).toMatch(/^[a-z0-9_.]{1,32}$/);
        if (one !== other) expect(handleOf(one)).not.toBe(handleOf(other));
      }),
    );
    expect(handleOf(0xffff_ffff)).toMatch(/_1z141z3$/);
  });

  test('several scripts, and emoji, survive the protocol', () => {
    const texts = personas.map(({ name, profile: { bio } }) => `${name} ${bio}`);
    for (const script of ['Latin', 'Cyrillic', 'Han', 'Hangul', 'Arabic']) {
      expect(texts.some((text) => new RegExp(`\\p{Script=${script}}`, 'u').test(text))).toBe(true);
    }
    expect(texts.some((text) => /\p{Extended_Pictographic}/u.test(text))).toBe(true);
    const traitsOf = createTraits(plan, 4);
    for (const personId of people) {
      const { name, profile } = traitsOf(personId);
      const head = { v: 1, personId, name, attempt: 1, room: 'main', media: 'none', profile };
      expect(listenerMessages.ask.parse(JSON.parse(JSON.stringify(head)))).toEqual(head);
    }
  });

  test('where people came from is what the night says of their wave', () => {
    const origins = new Map(night.waves.map(({ id, from }) => [id, from]));
    for (const { personId, origin } of personas) {
      const { cohort } = plan.personAt(personId);
      expect(origin).toBe(cohort === 'incumbent' ? 'inside' : origins.get(cohort));
    }
    expect(new Set(personas.map(({ origin }) => origin))).toEqual(
      new Set(['inside', 'twitter', 'followers']),
    );
    const quiet = drawPlan(scenarioSchema.parse(steady), 1);
    expect(quiet.origins).toEqual(['inside', 'inside']);
  });

  test('a number that is nobody’s', () => {
    expect(() => createPersonas(plan, 4)(plan.size)).toThrow(RangeError);
  });
});

test('traits are the habits of the plan and what the persona shows', () => {
  const traitsOf = createTraits(plan, 4);
  for (const personId of [0, 700, plan.size - 1]) {
    const { name, profile, habits } = personas[personId]!;
    expect(traitsOf(personId)).toEqual({ personId, name, profile, ...habits });
    expect(plan.personAt(personId)).toMatchObject(habits);
  }
});
