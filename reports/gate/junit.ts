/** The gate as JUnit XML: a test case for each measure and one for the knee, for the CI systems that know nothing else. */
import type { GateKnee } from './knee-schema.ts';
import { kneeWords } from './knee-words.ts';
import { eventCells, ratioCells, sideName } from './rows.ts';
import type { EventJudged, GateFile, RatioJudged } from './schema.ts';

/** A void gate proves nothing either way: its cases are errors and neither failures nor passed. */
export function gateJunit(gate: GateFile): string {
  const suite = `roomrush.gate.${gate.night}`;
  const cases = [
    ...[...gate.measures, ...gate.events].map((row) => caseOf(row, gate)),
    ...(gate.knee === null ? [] : [kneeCase(gate.knee, gate)]),
  ];
  const amount = (kind: Outcome['kind']) => cases.filter(({ outcome }) => outcome.kind === kind).length;
  const counts =
    `tests="${cases.length}" failures="${amount('failure')}" errors="${amount('error')}" ` +
    `skipped="${amount('skipped')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="roomrush" ${counts}>`,
    `  <testsuite name="${escaped(suite)}" ${counts} timestamp="${escaped(gate.startedAt)}">`,
    ...cases.map(({ name, outcome, detail }) => {
      const open = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}">`;
      return `${open}${elementOf(outcome)}<system-out>${escaped(detail)}</system-out></testcase>`;
    }),
    `    <system-out>${escaped(`${sideName(gate.candidate)} against ${sideName(gate.base)}: ${gate.verdict.result}`)}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

type Outcome = { readonly kind: 'passed' | 'failure' | 'error' | 'skipped'; readonly message: string };

function caseOf(row: RatioJudged | EventJudged, gate: GateFile) {
  const cells = 'ratio' in row ? ratioCells(row) : eventCells(row);
  const [title, base, candidate, ...rest] = cells;
  const detail = `base ${base}, candidate ${candidate}; ${rest.filter((cell) => cell !== '').join('; ')}`;
  return { name: `${row.name}: ${title}`, detail, outcome: outcomeOf(row, gate, detail) };
}

/** Its message is the gate's own reason: why it is not judged, or what it found. */
function kneeCase(knee: GateKnee, { verdict, options }: GateFile) {
  const detail = knee.reason ?? kneeWords(knee, options.power);
  const outcomes: Readonly<Record<GateKnee['status'], Outcome>> = {
    'not-played': { kind: 'skipped', message: detail },
    unfinished: { kind: 'error', message: `void: ${verdict.reasons.join('; ')}` },
    void: { kind: 'error', message: `void: ${detail}` },
    judged: knee.significant ? { kind: 'failure', message: detail } : { kind: 'passed', message: '' },
  };
  return { name: 'knee: Knee', detail, outcome: outcomes[knee.status] };
}

function outcomeOf(row: RatioJudged | EventJudged, { verdict }: GateFile, detail: string): Outcome {
  if (row.status === 'no-figure' || row.status === 'refused' || row.status === 'ignored') {
    return { kind: 'skipped', message: row.reason ?? row.status };
  }
  if (verdict.result === 'void') return { kind: 'error', message: `void: ${verdict.reasons.join('; ')}` };
  if (row.significant) return { kind: 'failure', message: detail };
  return row.status === 'incomplete'
    ? { kind: 'error', message: row.reason ?? row.status }
    : { kind: 'passed', message: '' };
}

function elementOf({ kind, message }: Outcome): string {
  switch (kind) {
    case 'passed':
      return '';
    case 'skipped':
      return `<skipped message="${escaped(message)}"/>`;
    case 'failure':
      return `<failure type="regression" message="${escaped(message)}"/>`;
    case 'error':
      return `<error type="void" message="${escaped(message)}"/>`;
  }
}

/** For text and attributes; control characters are not allowed in XML 1.0 at all. */
function escaped(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
