/**
 * The night that is to be played, read once for all virtual users. NIGHT names the file, from the folder in which k6
 * was started; without it, it is the one that `roomrush serve` wrote. A file that is not whole ends k6 before anything
 * starts.
 */
import { SharedArray } from 'k6/data';
import {
  type NightHead,
  type NightPerson,
  readHead,
  readPerson,
} from '../../../simulator/bodies/k6/night-lines.ts';
import { onlyLoopback } from '../loopback.ts';

const file = fileOf(__ENV['NIGHT']);

/** The lines as they are: k6 keeps them once, whatever the number of virtual users. */
const lines = new SharedArray('night', () => {
  const found = open(file).trimEnd().split('\n');
  readHead(found);
  return found;
});

export const head: NightHead = JSON.parse(lines[0]!);
onlyLoopback(head.target);

/** The people of one virtual user: every `of`-th of them, from `nth` (0 and up). */
export function shareOf(nth: number, of: number): NightPerson[] {
  const share: NightPerson[] = [];
  for (let line = 1 + nth; line < lines.length; line += of) share.push(readPerson(lines[line]!));
  return share;
}

function fileOf(named: string | undefined): string {
  if (named === undefined)
    return import.meta.resolve('../../../runs/k6-night.jsonl').replace(/^file:\/\//, '');
  return named.startsWith('/') ? named : `${__ENV['PWD']}/${named}`;
}
