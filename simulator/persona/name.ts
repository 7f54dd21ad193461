/**
 * Who somebody is to the others in the room: a name, derived from (seed, person) when it is first needed and in
 * any order, so that the plan holds numbers only. Rooms of that year were full of people from everywhere, and
 * the protocol carries UTF-8: names come in several scripts.
 */
import {
  base,
  de,
  en,
  Faker,
  fa,
  fr,
  ja,
  ko,
  type LocaleDefinition,
  pt_BR,
  ru,
  tr,
  zh_CN,
} from '@faker-js/faker';
import { bitsFor, PURPOSE, sequence } from '../plan/draws.ts';

/** Bound of the protocol, in UTF-16 code units. */
const NAME_LENGTH_MAX = 64;

const LOCALES: readonly LocaleDefinition[] = [en, en, en, fr, de, pt_BR, ru, tr, ja, ko, zh_CN, fa];

/** A source of names for one crowd. Equal (seed, person) give equal names, whoever was asked for before. */
export function createNames(seed: number): (personId: number) => string {
  const bits = bitsFor(seed, PURPOSE.name);
  const known = new Map<number, string>();
  let draw = sequence(0);
  const randomizer = {
    next: () => draw(),
    // Faker seeds a fresh instance; the draws are set before each name instead.
    seed: () => {},
  };
  const fakers = LOCALES.map((locale) => new Faker({ locale: [locale, en, base], randomizer }));
  return (personId) => {
    const had = known.get(personId);
    if (had !== undefined) return had;
    const personBits = bits(personId);
    draw = sequence(personBits);
    const name = shorten(fakers[personBits % fakers.length]!.person.fullName());
    known.set(personId, name);
    return name;
  };
}

/** Cuts at the bound without leaving half of a surrogate pair. */
function shorten(name: string): string {
  return name.length <= NAME_LENGTH_MAX
    ? name
    : name
        .slice(0, NAME_LENGTH_MAX)
        .toWellFormed()
        .replace(/\ufffd$/, '');
}
