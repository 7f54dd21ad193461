/** What is told in words: terminal, junit, commands, figures. */
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Summary } from '../summary-schema.ts';
import { getsIn, type HandRow } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';
import { parseFacts } from './facts.ts';
import { verdictSentence } from './findings.ts';
import { format } from './format.ts';
import { html, jsonScript } from './html.ts';
import { junitXml } from './junit.ts';
import { namesOf } from './run-to-show.ts';
import { terminalTable } from './terminal.ts';

const IN: readonly HandRow[] = getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 });
const run = (rows: readonly HandRow[], profile = 'guarded') =>
  summaryOf({ people: [{ intendedMs: 5_000 }], rows, record: { profile, policy: 'waiting-room' } });

test('the table fits 96 columns and names what was not reached', async () => {
  const good = await run(IN);
  const bad = await run([[5_000, 'listener', 'arrive', 0, { value: 0 }]], 'clubhouse-2021');
  for (const summaries of [[good], [bad, good], [bad, good, { ...good, run: { ...good.run, seed: 2 } }]]) {
    const lines = stripVTControlCharacters(terminalTable(summaries)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(96);
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
    '<failure type="objective" message="ejections.involuntaryShare is 100 %, expected &lt;= 0.1 % (1 samples)"/>',
  );
  const isVoid = junitXml(
    await run([...IN, [8_000, 'rehearsal', 'interrupted', null, { cause: 'stopped' }]]),
  );
  expect(isVoid).toContain('tests="6" failures="0" errors="6" skipped="0"');
  expect(isVoid).toContain('message="void: the run is partial: it was interrupted (stopped)"');
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
