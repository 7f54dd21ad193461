/**
 * A listener's story on a terminal, in at most 96 columns: who they are, what became of them, and what they and the
 * server saw, side by side. Names come from anywhere: nothing in one may move the cursor or turn the line around it.
 */
import { styleText } from 'node:util';
import type { CountedAgainst, Fate, Heard, Loss, Story, StoryLine } from '../story/story.ts';
import { atEnd, why } from '../story/words.ts';
import { format, listed } from './format.ts';

const TIME_WIDTH = 11;
const CELL_WIDTH = 40;
const GUTTER = '  ';

/** Ends with a line break. Colours only on a terminal, and not with NO_COLOR. */
export function storyText(story: Story): string {
  const { run, who, fate } = story;
  const lines = [
    // At the end of its line, so that a name in the other direction turns nothing but itself.
    `${styleText('bold', `Listener ${who.personId}`)} of ${safe(run.id)}${who.name === null ? '' : `: ${safe(who.name)}`}`,
    ...traits(who),
    '',
    ...fateLines(fate),
    ...againstLines(story),
    '',
    ...table(story.lines),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * A text of somebody else's as a terminal may show it: without what steers the terminal (C0, C1) and without marks
 * that turn the direction of what follows (Unicode, UAX 9) or break the line.
 */
export function safe(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u{2028}\u{2029}]+/gu, ' ')
    .replaceAll(/[\u{61c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu, '');
}

const ORIGIN: Readonly<Record<string, string>> = {
  inside: 'from inside the network',
  twitter: 'over from Twitter',
  followers: 'a follower who was invited',
};

function traits({ handle, origin, cohort, body, plannedArrivalMs, stayMs }: Story['who']): string[] {
  if (body === null) return ['in no plan: only the log knows them'];
  const from = origin === null ? [] : [ORIGIN[origin] ?? origin];
  const named = handle === null ? [] : [`@${safe(handle)}`];
  return [
    [...named, ...from, `group ${cohort}`, `body ${body}`].join(', '),
    `planned to set out at ${format(plannedArrivalMs, 'ms')} and to stay ${format(stayMs, 'ms')}`,
  ];
}

const OUTCOME: Readonly<Record<Fate['outcome'], string>> = {
  joined: 'got in',
  refused: 'never got in: the last answer was "full"',
  'gave-up': 'never got in: stopped of their own will',
  waiting: 'never got in: still trying at the end',
  lost: 'never got in, and the log does not say why',
  absent: 'never set out: the run ended before',
};

function fateLines(fate: Fate): string[] {
  const { outcome, firstInAtMs, joinLatencyMs, heard } = fate;
  const lines = [
    firstInAtMs === null
      ? OUTCOME[outcome]
      : `${OUTCOME[outcome]} at ${format(firstInAtMs, 'ms')}${joinLatencyMs === null ? '' : `, ${format(joinLatencyMs, 'ms')} after the planned arrival`}`,
    ...fate.losses.map(lossLine),
    ...afterLine(fate),
    ...endLine(fate),
  ];
  if (heard !== null) lines.push(audioLine(heard));
  return lines.flatMap((line) => wrap(line, TIME_WIDTH + 2 * CELL_WIDTH, '  '));
}

/** The whole night's audio. Browsers tell neither gaps nor jitter. */
function audioLine({ seconds, packets, lost, longestGapMs, jitterMsMax }: Heard): string {
  const parts = [
    `${seconds} s counted`,
    `${format(packets, 'count')} packets`,
    `${format(lost, 'count')} lost`,
  ];
  if (longestGapMs !== null) parts.push(`longest gap ${format(longestGapMs, 'ms')}`);
  if (jitterMsMax !== null) parts.push(`jitter at most ${format(jitterMsMax, 'ms')}`);
  return `audio: ${parts.join(', ')}`;
}

function lossLine({ atMs, cause, countedBy, seenBy }: Loss): string {
  const both = (['listener', 'server'] as const).flatMap((side) => {
    const seen = seenBy.find((one) => one.side === side);
    return seen === undefined
      ? [`not by the ${side}`]
      : [`by the ${side} at ${format(seen.atMs, 'ms')} as ${seen.cause}`];
  });
  const counted = countedBy === 'server' ? 'they never noticed themselves; ' : '';
  return `lost the seat at ${format(atMs, 'ms')}: ${why(cause)}; ${counted}seen ${listed(both)}`;
}

function afterLine({ afterLosses, tries }: Fate): string[] {
  const times = tries === 1 ? 'once' : `${tries} times`;
  switch (afterLosses) {
    case null:
      return [];
    case 'returned':
      return [tries === 0 ? 'was in again' : `tried ${times} and was in again`];
    case 'stranded':
      return [
        tries === 0
          ? 'stranded: was about to try when the night ended'
          : `stranded: tried ${times}, and could not come back`,
      ];
    case 'did-not-try':
      return ['did not try to come back'];
  }
}

function endLine({ end, endCause, endAtMs }: Fate): string[] {
  const at = `at ${format(endAtMs, 'ms')}`;
  switch (end) {
    case null:
      return [];
    case 'gave-up':
      return [`gave up ${at}: ${why(endCause)}`];
    case 'left':
      return [`left ${at}, ${endCause === 'silent' ? 'without a word' : 'with a goodbye'}`];
    case 'at-end':
      return [`when the night ended, ${at}: ${atEnd(endCause)}`];
  }
}

function againstLines({ against, notKnown }: Story): string[] {
  const lines = against.map((one) => `counts against: ${one.title} ${measured(one)}; ${passWord(one.pass)}`);
  if (against.length === 0) lines.push('counts against no objective of the night');
  if (notKnown.length > 0)
    lines.push(`whether they count against ${listed(notKnown)} shows only beside the others`);
  return lines.flatMap((line) => wrap(line, TIME_WIDTH + 2 * CELL_WIDTH, '  '));
}

function measured({ what, unit, value }: CountedAgainst): string {
  return `(${what} ${value === null ? 'never' : format(value, unit)})`;
}

function passWord(pass: boolean | null): string {
  if (pass === null) return 'what the run makes of it is not known';
  return pass ? 'the run passes it all the same' : 'the run fails it';
}

/** One row a line of the story: the time, what the listener saw, what the server saw; the night's own over both. */
function table(lines: readonly StoryLine[]): string[] {
  if (lines.length === 0) return ['The log says nothing of them.'];
  return [
    styleText('bold', row('ms', 'Listener', 'Server')),
    ...lines.flatMap(({ atMs, column, text }) => {
      const time = atMs.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
      if (column === 'night')
        return [styleText('dim', `${time.padStart(TIME_WIDTH)}${GUTTER}-- ${safe(text)} --`)];
      const cells = wrap(safe(text), CELL_WIDTH, '  ');
      return cells.map((cell, nth) =>
        column === 'listener' ? row(nth === 0 ? time : '', cell, '') : row(nth === 0 ? time : '', '', cell),
      );
    }),
  ];
}

function row(time: string, listener: string, server: string): string {
  return `${time.padStart(TIME_WIDTH)}${GUTTER}${listener.padEnd(CELL_WIDTH)}${GUTTER}${server}`.trimEnd();
}

/** A space that is none between a figure and its unit. */
const BREAK = / (?!(?:ms|s|%)(?:\W|$))/;

/** Breaks at spaces; a word that is longer than the width stays whole. */
function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAK)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
