/** What is said of a list in page and terminal alike. */
import { listed } from '../render/format.ts';
import { KINDS, type Kind, type Listed } from './listed.ts';

/** One and several of them. */
const NAMES: Readonly<Record<Kind, readonly [string, string]>> = {
  run: ['run', 'runs'],
  comparison: ['comparison', 'comparisons'],
  gate: ['gate', 'gates'],
  capacity: ['search for the capacity', 'searches for the capacity'],
  study: ['study', 'studies'],
  other: ['folder that is none of these', 'folders that are none of these'],
};

/** `12 runs and 1 comparison; 2 of them are not whole.` */
export function countWords(entries: readonly Listed[]): string {
  if (entries.length === 0) return 'No runs.';
  const counts = KINDS.flatMap((kind) => {
    const count = entries.filter((entry) => entry.kind === kind).length;
    return count === 0 ? [] : [`${count} ${NAMES[kind][count === 1 ? 0 : 1]}`];
  });
  const damaged = entries.filter(({ isDamaged, kind }) => isDamaged && kind !== 'other').length;
  const whole = damaged === 0 ? '' : `; ${damaged} of them ${damaged === 1 ? 'is' : 'are'} not whole`;
  return `${listed(counts)}${whole}.`;
}

/** To the minute, in UTC as it was written down; another text as it is. */
export function dateText(startedAt: string): string {
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?/.exec(startedAt);
  return found === null ? startedAt : [found[1], found[2]].filter((part) => part !== undefined).join(' ');
}
