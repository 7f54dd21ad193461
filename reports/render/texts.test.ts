/** What is told in words: terminal, junit, commands, figures. */
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Summary } from '../summary-schema.ts';
import { getsIn, type HandRow, smallNight } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';
import { parseFacts } from './facts.ts';
import { verdictSentence } from './findings.ts';
import { format } from './format.ts';
import { html, jsonScript } from './html.ts';
import { junitXml } from './junit.ts';
import { bodiesOf, bodyName } from './measure-rows.ts';
import { intervalText, objectiveNotes } from './objectives.ts';
import { namesOf } from './run-to-show.ts';
import { terminalTable } from './terminal.ts';

const IN: readonly HandRow[] = getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 });
const run = (rows: readonly HandRow[], profile = 'guarded') =>
  summaryOf({ people: [{ intendedMs: 5_000 }], rows, record: { profile, policy: 'waiting-room' } });

test('the table fits 80 columns and names what was not reached', async () => {
  const good = await run(IN);
  const bad = await run([[5_000, 'listener', 'arrive', 0, { value: 0 }]], 'clubhouse-2021');
  for (const summaries of [[good], [bad, good], [bad, good, { ...good, run: { ...good.run, seed: 2 } }]]) {
    const lines = stripVTControlCharacters(terminalTable(summaries)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  }
  const text = stripVTControlCharacters(terminalTable([bad, good]));
  expect(text).toMatch(/signal, p50 +not reached +20 ms/);
  expect(text).toMatch(/Verdict +FAIL +/);
});

test('names of runs tell them apart and no more', async () => {
  const one = await run(IN);
  const as = (changes: Partial<Summary['run']>): Summary => ({ ...one, run: { ...one.run, ...changes } });
  const plain = as({ features: {} });
  expect(namesOf([plain])).toEqual(['guarded']);
  expect(namesOf([plain, as({ features: {}, policy: 'cap-soft' })])).toEqual([
    'guarded, waiting-room',
    'guarded, cap-soft',
  ]);
  expect(namesOf([plain, as({ features: { presence: 'each' } })])).toEqual([
    'guarded, waiting-room',
    'guarded, waiting-room, presence=each',
  ]);
  expect(namesOf([plain, as({ features: {}, seed: 2 })])).toEqual([
    'guarded, waiting-room, seed 1',
    'guarded, waiting-room, seed 2',
  ]);
  expect(namesOf([plain, plain])).toEqual(['by-hand (1)', 'by-hand (2)']);
});

test('junit: a failed objective is a failure, an unjudged one is skipped, a void run is all errors', async () => {
  const failed = await run([
    ...IN,
    [6_000, 'listener', 'ejected', 0, { attempt: 1, cause: 'pong-timeout', room: 'main' }],
  ]);
  const xml = junitXml(failed);
  expect(xml).toContain('<testsuites name="roomrush" tests="6" failures="1" errors="0" skipped="2">');
  expect(xml).toContain(
    '<failure type="objective" message="ejections.involuntaryShare is 100 %, expected &lt;= 0.1 % (1 samples)">' +
      'counted against it: 1 person (times thrown out):\n  #0 p0: 1×\nroomrush report &lt;folder of by-hand&gt; --listener 0</failure>',
  );
  const isVoid = junitXml(
    await run([...IN, [8_000, 'rehearsal', 'interrupted', null, { cause: 'stopped' }]]),
  );
  expect(isVoid).toContain('tests="6" failures="0" errors="6" skipped="0"');
  expect(isVoid).toContain('message="void: the run is partial: it was interrupted (stopped)"');
});

/** Ten arrivals, one a second; the last two never get an answer, and the others after 100 ms, 200 ms and so on. */
async function lateNight(): Promise<Summary> {
  const people = Array.from({ length: 10 }, (_, nth) => ({ intendedMs: 5_000 + nth * 1_000 }));
  const rows = people.flatMap(({ intendedMs: dial }, nth): HandRow[] =>
    nth < 8
      ? getsIn(nth, { dial, opened: dial + 5, seated: dial + 100 * (nth + 1) })
      : [[dial, 'listener', 'arrive', nth, { value: 0 }]],
  );
  const objective = { unit: 'ms', op: '<=', limit: 450 } as const;
  return summaryOf({
    people,
    rows,
    scenario: smallNight({
      objectives: [
        { ...objective, id: 'half', title: 'Half in soon', measure: 'joinLatencyMs.signal.p50' },
        { ...objective, id: 'most', title: 'Most in soon', measure: 'joinLatencyMs.signal.p90' },
        {
          ...objective,
          id: 'slow',
          title: 'Half in at all',
          measure: 'joinLatencyMs.signal.p50',
          limit: 900,
        },
      ],
    }),
  });
}

test('beside a figure: its interval within the run, and who broke the objective', async () => {
  const summary = await lateNight();
  const [half] = summary.verdict.objectives;
  // Never in comes first, then the slowest: 800, 700, 600 and 500 ms.
  expect(half!.brokenBy).toMatchObject({ what: 'in after', unit: 'ms', count: 6 });
  expect(half!.brokenBy.listeners.map(({ personId, value }) => [personId, value])).toEqual([
    [8, null],
    [9, null],
    [7, 800],
    [6, 700],
    [5, 600],
    [4, 500],
  ]);
  const within = intervalText(half!)!;
  expect(half!.interval!.low).toBeLessThan(500);
  const text = stripVTControlCharacters(terminalTable([summary]));
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith('FAIL Half in soon'));
  expect(lines[at]!.split(/ {2,}/)).toEqual(['FAIL Half in soon', '500 ms', '<= 450 ms', within]);
  expect(lines[at + 1]).toBe('       6 people (in after): #8 never, #9 never, #7 800 ms, …');
  expect(text).toContain("the worst one's night: roomrush report <run folder> --listener 8");
  const xml = junitXml(summary);
  expect(xml).toContain(
    `(10 samples; ${within} within this run)">counted against it: 6 people (in after):\n`,
  );
  expect(xml).toContain('\n  #7 p7: 800 ms\n');
  expect(xml).toContain('roomrush report &lt;folder of by-hand&gt; --listener 8</failure>');
});

test('an objective that holds has no more said of it, unless its limit lies in the interval', async () => {
  const [half, most, slow] = (await lateNight()).verdict.objectives;
  expect(objectiveNotes(slow!)).toEqual([]);
  expect(objectiveNotes({ ...half!, limit: 500, pass: true })).toEqual([
    `${intervalText(half!)} within this run`,
  ]);
  expect(objectiveNotes({ ...half!, limit: 500, pass: true, interval: null })).toEqual([]);
  // One in five never got in: the upper end of p90 is out of reach, and so is p90 itself.
  expect(most).toMatchObject({ measured: null, reason: 'not reached: too many never got in' });
  expect(intervalText(most!)).toMatch(/ to not reached$/);
});

test('each body has a name of its own, and a place among the others', async () => {
  const summary = await run(IN);
  const body = summary.joinLatencyMs['signal']!;
  const all = {
    ...summary,
    joinLatencyMs: { k6: body, signal: body, rtp: body, browser: body, webrtc: body },
  };
  expect(bodiesOf([all])).toEqual(['webrtc', 'browser', 'k6', 'rtp', 'signal']);
  for (const name of bodiesOf([all])) expect(bodyName(name)).toMatch(new RegExp(`\\(${name}\\)$`));
});

test('a verdict in one sentence', async () => {
  expect(verdictSentence({ name: 'guarded', summary: await run(IN) })).toBe(
    'guarded passes, all 4 objectives hold: everybody got in, and nobody was thrown out.',
  );
  const thrownOut = await run([
    ...IN,
    [6_000, 'listener', 'ejected', 0, { attempt: 1, cause: 'pong-timeout', room: 'main' }],
    [6_500, 'listener', 'dial', 0, { attempt: 2 }],
  ]);
  expect(verdictSentence({ name: 'naive', summary: thrownOut })).toMatch(
    /^naive fails 2 of 6 objectives: everybody got in, 1 person was thrown out, and 1 of them tried to come back and could not\.$/,
  );
});

test.each([
  [0, 'share', '0 %'],
  [0.00004, 'share', '< 0.01 %'],
  [0.9999, 'share', '> 99.9 %'],
  [1, 'share', '100 %'],
  [0.0452, 'share', '4.52 %'],
  [1_234_567, 'count', '1,234,567'],
  [86.44, 'ms', '86.4 ms'],
  [8_123, 'ms', '8.12 s'],
  [52_340, 'ms', '52.3 s'],
  [1_500_000, 'bytes', '1.5 MB'],
  [null, 'ms', '–'],
] as const)('%s as %s is %s', (value, unit, text) => {
  expect(format(value, unit)).toBe(text);
});

test('text in HTML and JSON cannot end the element that it stands in', () => {
  expect(html`<p title="${'"x"'}">${'<b>&'}${[1, null, false]}</p>`.html).toBe(
    '<p title="&quot;x&quot;">&lt;b&gt;&amp;1</p>',
  );
  expect(jsonScript('d', { a: '</script>' }).html).toBe(
    '<script type="application/json" id="d">{"a":"\\u003c/script>"}</script>',
  );
});

test('facts: rows of tables, items of lists, and what is not known', () => {
  const facts = parseFacts(
    '# Facts\n- B1 One thing.\n\n| id | what | value |\n| --- | --- | --- |\n| C1 | room cap | 5,000 |\n\n## Not known\n\nHow many tried.\nMore.\n',
  );
  expect([...facts.rows]).toEqual([
    ['B1', 'One thing.'],
    ['C1', 'room cap; 5,000'],
  ]);
  expect(facts.notKnown).toBe('How many tried. More.');
});
