/** The sections of a summary about persons: by where they came from, and some who were stranded. Nothing is computed here. */
import { ORIGINS, type Origin } from '../scenarios/schema.ts';
import { count, finite } from './figures.ts';
import type { Measured, Row } from './measures/index.ts';
import type { Summary } from './summary-schema.ts';

/** Every origin, also one from which nobody came. */
export function originsOf(measured: Measured): Summary['origins'] {
  return Object.fromEntries(
    ORIGINS.map((origin) => [origin, originOf(measured.origins.find((row) => row['origin'] === origin))]),
  ) as Summary['origins'];
}

function originOf(row: Row | undefined): Summary['origins'][Origin] {
  const figure = (name: string) => (row === undefined ? 0 : count(row, name));
  const joinP50Ms = row === undefined ? null : finite(row, 'joinP50Ms');
  return {
    arrived: figure('arrived'),
    joined: figure('joined'),
    neverIn: figure('neverIn'),
    ejectedPeople: figure('ejectedPeople'),
    stranded: figure('stranded'),
    handsRaised: figure('handsRaised'),
    joinP50Ms,
    joinNotReached: joinP50Ms === null && row !== undefined && row['joinP50Ms'] !== null,
  };
}

export function strandedPeopleOf(measured: Measured): Summary['strandedPeople'] {
  return measured.stranded as Summary['strandedPeople'];
}
