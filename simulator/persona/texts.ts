/**
 * What others see of somebody: a name and a profile, derived from (seed, person) when they are first needed and in any
 * order, so that the plan holds numbers only. Rooms of that year were full of people from everywhere, and the protocol
 * carries UTF-8: names come in several scripts.
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
import type { Profile } from '../../server/protocol/messages.ts';
import { bitsFor, PURPOSE, sequence } from '../plan/draws.ts';

/** Bounds of the protocol, in UTF-16 code units. */
const NAME_LENGTH_MAX = 64;
const BIO_LENGTH_MAX = 160;
const HANDLE_LENGTH_MAX = 32;

const AVATAR_PIXELS = 64;

/** With the tag of each language (BCP 47). */
const LOCALES: readonly (readonly [tag: string, locale: LocaleDefinition])[] = [
  ['en', en],
  ['en', en],
  ['en', en],
  ['fr', fr],
  ['de', de],
  ['pt-BR', pt_BR],
  ['ru', ru],
  ['tr', tr],
  ['ja', ja],
  ['ko', ko],
  ['zh-CN', zh_CN],
  ['fa', fa],
];

type Texts = {
  nameOf(personId: number): string;
  profileOf(personId: number): Profile;
};

/** A source of texts for one crowd. Equal (seed, person) give equal texts, whoever was asked for before. */
export function createTexts(seed: number): Texts {
  const nameBits = bitsFor(seed, PURPOSE.name);
  const profileBits = bitsFor(seed, PURPOSE.profile);
  let draw = sequence(0);
  const randomizer = {
    next: () => draw(),
    // Faker seeds a fresh instance; the draws are set before each text instead.
    seed: () => {},
  };
  const fakers = LOCALES.map(([, locale]) => new Faker({ locale: [locale, en, base], randomizer }));
  const languageOf = (personId: number) => nameBits(personId) % LOCALES.length;
  return {
    nameOf(personId) {
      draw = sequence(nameBits(personId));
      return shorten(fakers[languageOf(personId)]!.person.fullName(), NAME_LENGTH_MAX);
    },
    profileOf(personId) {
      const language = languageOf(personId);
      const faker = fakers[language]!;
      draw = sequence(profileBits(personId));
      return {
        handle: handleOf(faker.internet.username(), personId),
        bio: shorten(faker.person.bio(), BIO_LENGTH_MAX),
        avatar: faker.image.dataUri({ type: 'svg-base64', width: AVATAR_PIXELS, height: AVATAR_PIXELS }),
        locale: LOCALES[language]![0],
      };
    },
  };
}

/** Ends in the person's own number, which nobody else has: no pool of handles can run out, however large the crowd. */
function handleOf(username: string, personId: number): string {
  const number = `_${personId.toString(36)}`;
  const head = username.toLowerCase().replaceAll(/[^a-z0-9.]/g, '');
  return head.slice(0, HANDLE_LENGTH_MAX - number.length) + number;
}

/** Cuts at the bound without leaving half of a surrogate pair. */
function shorten(text: string, lengthMax: number): string {
  return text.length <= lengthMax
    ? text
    : text
        .slice(0, lengthMax)
        .toWellFormed()
        .replace(/\ufffd$/, '');
}
