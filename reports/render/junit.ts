/** `junit.xml`: one test case for each objective, for the CI systems that know nothing else. */
import type { ObjectiveResult, Summary } from '../summary-schema.ts';
import { format } from './format.ts';
import { culpritLines, intervalText } from './objectives.ts';

export function junitXml(summary: Summary): string {
  const { run, verdict } = summary;
  const isVoid = verdict.result === 'void';
  const build = run.target === null ? `${run.profile}.${run.policy}` : 'target';
  const suite = `roomrush.${run.scenario}.${build}`;
  const cases = verdict.objectives.map((objective) =>
    testCase(suite, run.id, objective, isVoid ? verdict.reasons : null),
  );
  const failures = isVoid ? 0 : verdict.objectives.filter(({ pass }) => pass === false).length;
  const skipped = isVoid ? 0 : verdict.objectives.filter(({ pass }) => pass === null).length;
  const errors = isVoid ? verdict.objectives.length : 0;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="roomrush" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}">`,
    `  <testsuite name="${escaped(suite)}" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" timestamp="${escaped(run.startedAt)}" time="${(run.durationMs / 1000).toFixed(3)}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** A void run proves nothing either way: its objectives are errors, not failures. */
function testCase(
  suite: string,
  runId: string,
  objective: ObjectiveResult,
  voidReasons: readonly string[] | null,
): string {
  const open = `    <testcase classname="${escaped(suite)}" name="${escaped(`${objective.id}: ${objective.title}`)}"`;
  const message = messageOf(objective);
  if (voidReasons !== null) {
    return `${open}><error type="void" message="${escaped(`void: ${voidReasons.join('; ')}`)}"/></testcase>`;
  }
  if (objective.pass === null) return `${open}><skipped message="${escaped(message)}"/></testcase>`;
  if (objective.pass) return `${open}/>`;
  const who = culpritLines(objective, runId).map(escaped).join('\n');
  return `${open}><failure type="objective" message="${escaped(message)}">${who}</failure></testcase>`;
}

function messageOf(objective: ObjectiveResult): string {
  const { measure, measured, op, limit, unit, samples, reason } = objective;
  if (measured === null) return `${measure}: ${reason ?? 'no figure'}`;
  const interval = intervalText(objective);
  const within = interval === null ? '' : `; ${interval} within this run`;
  return `${measure} is ${format(measured, unit)}, expected ${op} ${format(limit, unit)} (${samples} samples${within})`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', ' ');
}
