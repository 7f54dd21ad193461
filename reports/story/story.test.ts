/** One listener's story: of a night written by hand, every line of it; and what is told of whoever has none. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { summarise } from '../index.ts';
import { safe, storyText } from '../render/story.ts';
import { getsIn, type HandRow, type HandRun, joins, removeRun, writeHandRun } from '../testing/hand-log.ts';
import { handleOf, personMeant } from './find-listener.ts';
import { readStory } from './read-story.ts';
import { type StoryRow, storySchema } from './story.ts';
import { wordsOf } from './words.ts';

const made: string[] = [];
afterEach(() => {
  for (const runDir of made.splice(0)) removeRun(runDir);
});

async function run(changes: Partial<HandRun> = {}): Promise<string> {
  const runDir = await writeHandRun({ people: PEOPLE, rows: ROWS, ...changes });
  made.push(runDir);
  return runDir;
}

const heard = (
  ms: number,
  value: number,
  lost: number,
  gapMs: number,
  lateMs = 1,
  jitterMs = 0.5,
): HandRow => [ms, 'listener', 'media', 1, { room: 'main', value, lost, gapMs, lateMs, jitterMs }];
const who = { attempt: 1, room: 'main' };

const PEOPLE = [
  { intendedMs: 500, cohort: 'incumbent' },
  { intendedMs: 1_000, cohort: 'incumbent', body: 'webrtc', name: 'مريم', origin: 'twitter', stayMs: 90_000 },
  { intendedMs: 5_000 },
  { intendedMs: 20_000 },
] as const;

/** Person 1 hears, is silent for a while, is thrown out by a server that finds out first, tries in vain and gives up. */
const ROWS: readonly HandRow[] = [
  ...getsIn(0, { dial: 500, opened: 510, seated: 520 }),
  ...joins(1, { dial: 1_000.5, opened: 1_010, seated: 1_020 }),
  [1_050, 'listener', 'first-audio', 1, who],
  [1_050.2, 'listener', 'in', 1, who],
  heard(2_000, 16, 0, 61),
  heard(3_000, 15, 1, 130, 120, 12.5),
  [4_000, 'rehearsal', 'moment', null, { cause: 'reveal' }],
  heard(4_100, 16, 1, 70),
  heard(5_000, 0, 0, 900),
  heard(6_000, 0, 0, 1_900),
  [6_100, 'server', 'ejected', 1, { ...who, cause: 'heartbeat-missed' }],
  [6_100, 'server', 'held', 1, { ...who, value: 3_000 }],
  [6_250, 'listener', 'ejected', 1, { ...who, cause: 'pong-timeout' }],
  [6_300, 'listener', 'dial', 1, { attempt: 2, room: 'main' }],
  [7_000, 'rehearsal', 'fault', null, { cause: 'kill-worker' }],
  [7_300, 'listener', 'failed', 1, { attempt: 2, room: 'main', cause: 'connection-refused' }],
  [8_000, 'listener', 'dial', 1, { attempt: 3, room: 'main' }],
  [8_100, 'listener', 'waiting', 1, { attempt: 3, value: 4 }],
  [9_000, 'listener', 'gave-up', 1, { attempt: 3, cause: 'queue-patience' }],
  [9_100, 'server', 'released', 1, { attempt: 1, value: 2, cause: 'expired' }],
  [10_000, 'rehearsal', 'moment', null, { cause: 'dotcom-tweet' }],
  ...getsIn(2, { dial: 5_000, opened: 5_010, seated: 5_020 }),
];

const handle = handleOf(1, 1);
const STORY = `Listener 1 of by-hand: مريم
@${handle}, over from Twitter, group incumbent, body webrtc
planned to set out at 1.00 s and to stay 90 s

got in at 1.05 s, 50.2 ms after the planned arrival
lost the seat at 6.25 s: the server fell silent (pong-timeout); seen by the listener at
  6.25 s as pong-timeout and by the server at 6.10 s as heartbeat-missed
stranded: tried 2 times, and could not come back
gave up at 9.00 s: tired of the queue (queue-patience)
audio: 5 s counted, 47 packets, 2 lost, longest gap 1.90 s, jitter at most 12.5 ms
`;
const TABLE = `         ms  Listener                                  Server
    1,000.5  sets out
    1,000.5  dials, try 1
    1,010.0  is connected
    1,010.0  asks for a seat
    1,011.0                                            hears the ask
    1,019.0                                            gives seat 2 in main
    1,019.0                                            seat 2 is taken
    1,020.0  is told: seat 2 in main
    1,050.0  the first audio packet comes
    1,050.2  is in, room main
    2,000.0  heard 2 s, 1 packet lost, longest gap
               130 ms, up to 120 ms late, jitter up
               to 12.5 ms
    4,000.0  -- Somebody walks in --
    4,100.0  heard 1 s, 1 packet lost, longest gap
               70 ms
    5,000.0  heard nothing for 2 s, 0 packets lost,
               longest gap 1.90 s
    6,100.0                                            throws them out: no sign of life came
                                                         from them (heartbeat-missed)
    6,100.0                                            keeps the seat for 3.00 s
    6,250.0  loses the seat: the server fell silent
               (pong-timeout)
    6,300.0  dials, try 2
    7,000.0  -- a fault on purpose: kill-worker --
    7,300.0  the try fails: the connection was
               refused (connection-refused)
    8,000.0  dials, try 3
    8,100.0  is told: place 4 in the queue
    9,000.0  gives up: tired of the queue
               (queue-patience)
    9,100.0                                            seat 2 is free again: nobody came back
                                                         to it (expired)
`;

const tableIn = (text: string) => text.slice(text.indexOf('         ms'));

describe('a story', () => {
  test('is told line by line, by number and by handle, before and after the run is measured', async () => {
    const runDir = await run();
    const before = storyText(await readStory(runDir, '1'));
    expect(before.startsWith(STORY)).toBe(true);
    expect(tableIn(before)).toBe(TABLE);
    const { verdict } = await summarise(runDir);
    const story = await readStory(runDir, handle);
    expect(tableIn(storyText(story))).toBe(TABLE);
    expect(storySchema.parse(JSON.parse(JSON.stringify(story)))).toEqual(story);
    // The summary's own list of whom an objective counts says the same of this one.
    const lists = verdict.objectives.filter(({ brokenBy }) => brokenBy.count <= brokenBy.listeners.length);
    const counting = lists.filter(({ brokenBy }) =>
      brokenBy.listeners.some(({ personId }) => personId === 1),
    );
    expect(counting.length).toBeGreaterThan(0);
    expect(story.against.map(({ id, pass, value }) => ({ id, pass, value }))).toEqual(
      counting.map(({ id, pass, brokenBy }) => ({
        id,
        pass,
        value: brokenBy.listeners.find(({ personId }) => personId === 1)!.value,
      })),
    );
  });

  test('is data for machines too', async () => {
    const story = await readStory(await run(), '1');
    expect(story.who).toEqual({
      personId: 1,
      name: 'مريم',
      handle,
      origin: 'twitter',
      cohort: 'incumbent',
      body: 'webrtc',
      plannedArrivalMs: 1_000,
      stayMs: 90_000,
    });
    expect(story.fate).toEqual({
      outcome: 'joined',
      firstInAtMs: 1_050.2,
      joinLatencyMs: 50.2,
      losses: [
        {
          atMs: 6_250,
          cause: 'pong-timeout',
          countedBy: 'listener',
          attempt: 1,
          seenBy: [
            { side: 'server', atMs: 6_100, cause: 'heartbeat-missed' },
            { side: 'listener', atMs: 6_250, cause: 'pong-timeout' },
          ],
        },
      ],
      afterLosses: 'stranded',
      tries: 2,
      end: 'gave-up',
      endCause: 'queue-patience',
      endAtMs: 9_000,
      heard: { seconds: 5, packets: 47, lost: 2, longestGapMs: 1_900, lateMsMax: 120, jitterMsMax: 12.5 },
    });
  });

  test('of somebody who never set out, and of somebody in no plan', async () => {
    const runDir = await run({
      rows: [
        ...ROWS,
        [12_000, 'listener', 'arrive', 77, { value: 0 }],
        [12_001, 'listener', 'dial', 77, { attempt: 1 }],
      ],
    });
    const absent = storyText(await readStory(runDir, '3'));
    expect(absent).toContain('never set out: the run ended before');
    expect(absent).toContain('The log says nothing of them.');
    const stranger = await readStory(runDir, '77');
    expect(storySchema.parse(stranger)).toEqual(stranger);
    expect(stranger.who).toMatchObject({ name: null, handle: null, plannedArrivalMs: null });
    expect(stranger.lines.map(({ text }) => text)).toEqual(['sets out', 'dials, try 1']);
    expect(storyText(stranger)).toContain('in no plan: only the log knows them');
  });

  test('of a run that was killed: what the log has, and the night ends with its last row', async () => {
    const rows = ROWS.filter(([ms]) => ms < 6_200);
    const last: HandRow = [6_150, 'listener', 'hand', 0, { attempt: 1, value: 1 }];
    const runDir = await run({
      healthy: false,
      record: { status: 'running' },
      rows: [[0, 'rehearsal', 'night-start', null], ...rows, last],
    });
    const { fate, lines } = await readStory(runDir, '1');
    // Only the server saw it, and it lies before the end of what was measured.
    expect(fate.losses).toMatchObject([{ cause: 'heartbeat-missed', countedBy: 'server', atMs: 6_100 }]);
    expect(fate.afterLosses).toBe('did-not-try');
    expect(lines.every(({ text }) => !text.includes('hand'))).toBe(true);
  });

  test('leaves the folder as it found it', async () => {
    const runDir = await run();
    const look = () =>
      (readdirSync(runDir, { recursive: true }) as string[])
        .sort()
        .map((name) => [name, statSync(path.join(runDir, name)).mtimeMs]);
    const before = look();
    await readStory(runDir, '1');
    expect(look()).toEqual(before);
  });
});

describe('words', () => {
  const row = { atMs: 0, attempt: 2, room: 'main', cause: null, value: null };
  const counted = { lost: null, longestGapMs: null, lateMs: null, jitterMs: null };
  const said = (side: StoryRow['side'], type: string, more: Partial<StoryRow> = {}) =>
    wordsOf({ ...row, ...counted, side, type, ...more }, false, new Map());

  test('the two sides tell one thing from their own ends', () => {
    expect(said('listener', 'seated', { value: 7, cause: 'resumed' })).toBe(
      'is told: seat 7 in main, the same as before',
    );
    expect(said('server', 'seated', { value: 7, cause: 'new' })).toBe('gives seat 7 in main');
    expect(said('listener', 'full', { value: 1_500 })).toBe('is told: full, again in 1.50 s');
    expect(said('listener', 'left', { cause: 'silent' })).toBe('leaves without a word');
    expect(said('listener', 'at-end', { cause: 'pausing' })).toBe(
      'the night ends: outside, about to try again',
    );
    expect(said('listener', 'arrive', { value: 80 })).toBe("sets out, 80 ms late by the generator's fault");
  });

  test('a row or a cause without words of its own is told by its name', () => {
    expect(said('server', 'cpu-share', { cause: 'x', value: 3 })).toBe('cpu share: x, 3');
    expect(said('listener', 'ejected', { cause: 'a-new-cause' })).toBe('loses the seat: a-new-cause');
    expect(said('listener', 'ejected')).toBe('loses the seat: the log does not say why');
  });
});

describe('whoever is nobody', () => {
  test('a number that nobody has: how many there are, and the nearest', async () => {
    await expect(readStory(await run(), '99')).rejects.toMatchObject({
      code: 'no-such-listener',
      exitCode: 2,
      message:
        "expected a listener of this run, but nobody is '99': it planned 4 people, numbered from 0 to 3",
      hint: expect.stringContaining('the nearest is 3'),
    });
  });

  test('a handle with a slip of the pen: the nearest', async () => {
    const wrong = `x${handle.slice(1)}`;
    await expect(readStory(await run(), wrong)).rejects.toMatchObject({ hint: `did you mean ${handle}?` });
    await expect(readStory(await run(), 'nobody at all')).rejects.toMatchObject({ exitCode: 2 });
  });

  test("a handle is its own person's and nobody else's", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 0, max: 9 }),
        (personId, seed) => {
          expect(personMeant(handleOf(personId, seed), seed)).toBe(personId);
        },
      ),
      { numRuns: 50 },
    );
    expect(personMeant('12', 1)).toBe(12);
    expect(personMeant('somebody_2s', 1)).toBeNull();
  });
});

describe('a name on a terminal', () => {
  test('can neither steer it nor turn the line', () => {
    expect(safe('a\u001b[2Jb\nc\u009bd')).toBe('a [2Jb c d');
    expect(safe('\u202eEvil\u2066 \u200fx')).toBe('Evil x');
    expect(safe('مريم 王小明 👩\u200d🚀')).toBe('مريم 王小明 👩\u200d🚀');
    expect(safe('half \ud83d')).toBe('half \ufffd');
  });

  test('stands at the end of its line, and the story has no more lines for it', async () => {
    const name = 'Eve\r\n\u001b[31m\u202eEvil';
    const runDir = await run({ people: [PEOPLE[0], { ...PEOPLE[1], name }, PEOPLE[2], PEOPLE[3]] });
    const [first, second] = storyText(await readStory(runDir, '1')).split('\n');
    expect(first).toBe('Listener 1 of by-hand: Eve [31mEvil');
    expect(second).toContain(handle);
    expect((await readStory(runDir, '1')).who.name).toBe(name);
  });
});
