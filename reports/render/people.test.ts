/** Persons in a report: their stories in words, and names that stay names. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { summarise } from '../index.ts';
import { getsIn, type HandRow, removeRun, writeHandRun } from '../testing/hand-log.ts';
import { strandedStory } from './people.ts';

const person = {
  personId: 1,
  name: 'Ada',
  origin: 'inside',
  lostAtMs: 41_000,
  cause: 'pong-timeout',
  tries: 3,
  end: 'gave-up',
  endCause: 'refused',
  endAtMs: 62_000,
} as const;

test.each([
  [{}, 'lost the seat at 0:41 (pong-timeout), tried 3 times and gave up after a last “full” at 1:02'],
  [{ tries: 1, endCause: 'tries' }, 'lost the seat at 0:41 (pong-timeout), tried once and gave up at 1:02'],
  [
    { endCause: 'queue-patience' },
    'lost the seat at 0:41 (pong-timeout), tried 3 times and gave up in the queue at 1:02',
  ],
  [
    { endCause: 'parallel', cause: null },
    'lost the seat at 0:41, tried 3 times and went to a room of other listeners at 1:02',
  ],
  [
    { end: 'left', endCause: 'goodbye' },
    'lost the seat at 0:41 (pong-timeout), tried 3 times and left at 1:02, before there was sound',
  ],
  [
    { end: 'at-end', endCause: 'waiting' },
    'lost the seat at 0:41 (pong-timeout), tried 3 times and was still in the queue at the end',
  ],
  [
    { end: 'at-end', endCause: 'pausing', tries: 0 },
    'lost the seat at 0:41 (pong-timeout), had yet to try and was still outside at the end',
  ],
  [
    { end: null, endCause: null, endAtMs: null },
    'lost the seat at 0:41 (pong-timeout), tried 3 times and is not heard of again',
  ],
] as const)('%j', (changes, story) => {
  expect(strandedStory({ ...person, ...changes })).toBe(story);
});

const NAMES = ['<script>alert("1")</script>', 'مريم, العجلية', '王小明\n“二”', "👩‍🚀 O'Neil & co"];

test('names in any script come whole from the crowd into the summary and, escaped, into the report', async () => {
  const runDir = await writeHandRun({
    people: NAMES.map((name) => ({ intendedMs: 5_000, name, origin: 'followers' as const })),
    rows: NAMES.flatMap((_, id): HandRow[] => [
      ...getsIn(id, { dial: 5_000, opened: 5_010, seated: 5_020 }),
      [6_000 + id, 'listener', 'ejected', id, { attempt: 1, room: 'main', cause: 'connection-lost' }],
      [6_500, 'listener', 'dial', id, { attempt: 2, room: 'main' }],
    ]),
  });
  try {
    const { strandedPeople } = await summarise(runDir);
    expect(strandedPeople.map(({ name }) => name)).toEqual(NAMES);
    const page = readFileSync(path.join(runDir, 'report.html'), 'utf8');
    const shown = [...page.matchAll(/<li data-person="\d+"><b><bdi>(.*?)<\/bdi><\/b> \((.*?)\)/gs)];
    expect(shown.map(([, name]) => name)).toEqual([
      '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;',
      NAMES[1],
      NAMES[2],
      '👩‍🚀 O&#39;Neil &amp; co',
    ]);
    expect(new Set(shown.map(([, , origin]) => origin))).toEqual(new Set(['followers who were invited']));
    expect(page).toContain('data-measure="origins.followers.stranded"');
    expect(page).not.toContain('From inside the network');
  } finally {
    removeRun(runDir);
  }
});
