import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { gateAnnotations } from './annotations.ts';
import { gateFile } from './gate-file.ts';
import { gateJunit } from './junit.ts';
import type { KneeEvidence } from './knee.ts';
import { gateMarkdown } from './markdown.ts';
import { gateOptions } from './options.ts';
import type { GateSide } from './schema.ts';
import { gateTable } from './terminal.ts';
import { kneeOf, searchOf } from './testing/knee.ts';
import { CONTEXT, drawPairs, type Truth } from './testing/pairs.ts';

const OPTIONS = gateOptions();

function gateOf(truth: Truth, pairs = 16, base: GateSide = CONTEXT.base) {
  const evidence = { kind: 'paired', pairs: drawPairs(7, pairs, truth), voidRuns: [] } as const;
  return gateFile({ ...CONTEXT, base }, evidence, OPTIONS, pairs < 6 ? 'interrupted' : null);
}

const CALM = { ratio: 1, scatter: 0.01, leaks: 0 };
const cleared = gateOf(CALM);
const worse = gateOf({ ...CALM, ratio: 1.4 });
const stopped = gateOf(CALM, 3);

test('three verdicts, each with its reasons', () => {
  expect(cleared.verdict.result).toBe('no regression seen');
  expect(cleared.verdict.reasons[0]).toMatch(/^would have been seen, 90 % of the time: Server CPU a join \+/);
  expect(worse.verdict.result).toBe('regression');
  expect(worse.verdict.reasons).toHaveLength(1);
  expect(worse.verdict.reasons[0]).toMatch(/^Server CPU a join: .* ms against .* ms, \+\d\d %/);
  expect(stopped.verdict).toEqual({
    result: 'void',
    reasons: ['interrupted: 3 of at least 6 pairs count, too few to look'],
  });
});

test.each([
  ['no regression seen', cleared],
  ['regression', worse],
  ['void', stopped],
] as const)('the table of a gate with %s fits a terminal', (verdict, gate) => {
  const table = stripVTControlCharacters(gateTable(gate));
  expect(Math.max(...table.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(table.toLowerCase()).toContain(verdict);
});

test('JUnit: a case for each measure; a regression fails its own only, and a void gate errs', () => {
  const [passed, failed, erred] = [cleared, worse, stopped].map(gateJunit);
  const cases = cleared.measures.length + cleared.events.length;
  expect(passed).toContain(`tests="${cases}" failures="0" errors="0" skipped="0"`);
  expect(failed).toContain(`tests="${cases}" failures="1" errors="0" skipped="0"`);
  expect(failed).toMatch(/name="serverCpuMsPerJoin: Server CPU a join"><failure type="regression"/);
  expect(erred).toContain(`failures="0" errors="${cases}"`);
});

test('annotations: one a finding, a warning for void, a notice otherwise', () => {
  expect(gateAnnotations(worse)).toMatch(
    /^::error title=Gate on zuckerberg%3A regression::Server CPU a join: .*\n$/,
  );
  expect(gateAnnotations(stopped)).toMatch(/^::warning title=/);
  expect(gateAnnotations(cleared)).toMatch(/^::notice title=/);
});

test('the knee stands in every output of a gate that was asked for it, and in none of another', () => {
  const asked = gateOptions({ judgeKnee: true });
  const evidence = { kind: 'paired', pairs: drawPairs(7, 16, CALM), voidRuns: [] } as const;
  const of = (candidate: string) =>
    gateFile(CONTEXT, evidence, asked, null, kneeOf('h h h h h h', candidate));
  const [fell, holds] = [of('f f f f f f'), of('h h h h h h')];
  const table = stripVTControlCharacters(gateTable(fell));
  expect(Math.max(...table.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(table).toMatch(/^1,270 arrivals\/s +0 of 6 +6 of 6 +90\.7 % of nights +WORSE$/m);
  expect(table.replaceAll(/\s+/g, ' ')).toContain(
    "REGRESSION the knee fell below 0.9 of the base's: the candidate held 0 of 6 nights at 1,270 arrivals a second",
  );
  expect(table.replaceAll(/\s+/g, ' ')).toContain(
    "the base's knee, by 7 nights: held 1,410 arrivals a second (scale 1.41), it gave in at 1,680 arrivals",
  );
  expect(gateMarkdown(fell)).toContain('| 1,270 arrivals/s | 0 of 6 | 6 of 6 | 90.7 % of nights | WORSE |');
  expect(gateAnnotations(fell)).toMatch(/^::error title=.*::the knee fell below 0\.9 of the base's: .*\n$/);
  expect(gateAnnotations(holds)).toMatch(/^::notice .*; knee: both hold 1,270 arrivals a second .*\n$/);
  const cases = holds.measures.length + holds.events.length + 1;
  expect(gateJunit(fell)).toContain(`tests="${cases}" failures="1" errors="0" skipped="0"`);
  expect(gateJunit(fell)).toMatch(/name="knee: Knee"><failure type="regression" message="the knee fell/);
  expect(gateJunit(holds)).toContain(`tests="${cases}" failures="0" errors="0" skipped="0"`);
  for (const output of [gateTable(cleared), gateMarkdown(cleared), gateJunit(cleared)]) {
    expect(output).not.toMatch(/knee/i);
  }
});

test('JUnit: a knee that was not played is skipped, and one that cannot be judged errs', () => {
  const asked = gateOptions({ judgeKnee: true });
  const of = (ratio: number, knee: KneeEvidence | null) =>
    gateJunit(
      gateFile(
        CONTEXT,
        { kind: 'paired', pairs: drawPairs(7, 16, { ...CALM, ratio }), voidRuns: [] },
        asked,
        null,
        knee,
      ),
    );
  expect(of(1.4, null)).toMatch(/name="knee: Knee"><skipped message="the surges found a regression/);
  const none = of(1, { search: searchOf(() => 'held'), nights: [] });
  expect(none).toMatch(/name="knee: Knee"><error type="void" message="void: the base has no knee here/);
  expect(none).toMatch(/failures="0" errors="(\d+)" skipped="0"/);
});

test('a name that is markup shows as text in every output', () => {
  const name = '<script>|`*x*`\n::error::@everyone\u001b[31m%';
  const gate = gateOf(CALM, 16, { kind: 'command', name, commit: null, dirty: null });
  const markdown = gateMarkdown({ ...gate, night: 'a|b\nc' });
  expect(markdown).not.toContain('<script>');
  expect(markdown).not.toContain('@everyone');
  expect(markdown.split('\n')[0]).toContain('a\\|b c');
  const junit = gateJunit(gate);
  expect(junit).not.toContain('<script>');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(junit).not.toMatch(/[\u0000-\u0008\u001b]/);
  expect(gateAnnotations({ ...gate, night: name }).trimEnd()).not.toContain('\n');
  const table = gateTable(gate);
  expect(table).not.toContain('\u001b[31m%');
});
