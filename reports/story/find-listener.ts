/**
 * Which listener is meant: by number, as in the log and in the lists of a report, or by handle, as others saw them in the
 * room. A handle ends in the number of whoever has it, so that nobody has to be searched.
 */
import { nearestNames, UsageError } from '../../errors.ts';
import { createTexts } from '../../simulator/persona/texts.ts';

/** So many people's handles are looked through for the nearest to a mistyped one. */
const HANDLES_COMPARED_MAX = 5_000;

/**
 * The number that a number or a handle means. Whether anybody has it is for the log and the plan to say.
 *
 * @param seed of the run, from which its people's handles are made.
 * @returns null for a handle that is nobody's.
 */
export function personMeant(listener: string, seed: number): number | null {
  if (/^\d{1,10}$/.test(listener)) return Number(listener);
  const digits = /_([0-9a-z]{1,7})$/.exec(listener)?.[1];
  if (digits === undefined) return null;
  const personId = Number.parseInt(digits, 36);
  return handleOf(personId, seed) === listener ? personId : null;
}

/** How others saw somebody in the room. */
export function handleOf(personId: number, seed: number): string {
  return createTexts(seed).profileOf(personId).handle;
}

/** @param planned how many people the plan has; they are numbered from 0. */
export function noSuchListener(listener: string, planned: number, seed: number): UsageError {
  const range =
    planned === 0 ? 'its plan has nobody' : `it planned ${planned} people, numbered from 0 to ${planned - 1}`;
  return new UsageError(
    'no-such-listener',
    `expected a listener of this run, but nobody is '${listener}': ${range}`,
    hintFor(listener, planned, seed),
  );
}

function hintFor(listener: string, planned: number, seed: number): string {
  const listed = 'summary.json lists some of those who were stranded, and for each objective who broke it';
  if (/^-?\d+$/.test(listener)) return planned === 0 ? listed : `the nearest is ${planned - 1}; ${listed}`;
  const { profileOf } = createTexts(seed);
  const handles = Array.from(
    { length: Math.min(planned, HANDLES_COMPARED_MAX) },
    (_, personId) => profileOf(personId).handle,
  );
  const near = nearestNames(listener, handles);
  return near.length === 0
    ? `give a number, or a handle such as ${handles[0] ?? 'somebody_0'}; ${listed}`
    : `did you mean ${near.join(' or ')}?`;
}
