/** The power analysis as a page for `docs/`: the table, what it may be taken for, and how to make it again. */
import { format } from '../render/format.ts';
import { markdownTable } from './markdown.ts';
import { COSTS, eventTitle } from './names.ts';
import type { PowerAnalysis, PowerRow } from './power.ts';
import { BASE } from './power-draws.ts';

export type PowerPage = {
  /** Machine and date, in one line. */
  readonly machine: string;
  /** The commands that made the runs and the analysis. */
  readonly commands: readonly string[];
  /** What each injected regression is, by its kind. */
  readonly regressions: Readonly<Record<string, string>>;
};

export function powerMarkdown(analysis: PowerAnalysis, page: PowerPage): string {
  const { rows, options, blocks, voidRuns, seed } = analysis;
  return [
    '# How often the gate is wrong',
    '',
    `Measured on: ${page.machine}. Made by:`,
    '',
    '```',
    ...page.commands,
    '```',
    '',
    `Stored runs in ${blocks} blocks, each with one crowd; ${voidRuns} void runs are left out, as a gate would have repeated them.`,
    `Each comparison is a whole gate: looks after ${options.looks.join(', ')} pairs, tolerance ${percent(options.tolerance)},`,
    `alpha ${percent(options.alpha)} over all looks and measures, drawn with seed ${seed}.`,
    '',
    ...markdownTable(
      [
        'what was compared with the base',
        'server CPU a join, measured',
        'comparisons',
        'alarms',
        'no regression seen',
        'void',
        'pairs, mean',
        'claim',
      ],
      rows.map((row) => [
        nameOf(row),
        cpuOf(row),
        String(row.comparisons),
        `${row.results.regression} (${percent(row.alarms.share)})`,
        String(row.results['no regression seen']),
        String(row.results.void),
        row.pairsMean.toFixed(1),
        claimOf(row),
      ]),
    ),
    '',
    'The claim is a limit of the exact 95 % interval (Clopper and Pearson): the upper one of false alarms, of any measure at',
    'any look; the lower one of regressions caught. A void gate counts as not caught. It is stated as if the comparisons',
    'were independent, and they are not: they are paired anew from the same runs.',
    '',
    ...markdownTable(
      ['compared', 'base runs', 'candidate runs', 'a run was used, mean', 'comparisons without any reuse'],
      rows.map((row) => [
        nameOf(row),
        String(row.reuse.runs.base),
        row.kind === BASE ? 'the same' : String(row.reuse.runs.candidate),
        `${row.reuse.timesMean.toFixed(1)} times`,
        String(row.reuse.disjoint),
      ]),
    ),
    '',
    ...foundBySection(rows),
    ...regressionsSection(rows, page.regressions),
  ].join('\n');
}

/** The claim of a row, in words. */
function claimOf({ kind, alarms }: Pick<PowerRow, 'kind' | 'alarms'>): string {
  return kind === BASE
    ? `false alarms: at most ${percent(alarms.to)}`
    : `caught: at least ${percent(alarms.from)}`;
}

function cpuOf({ kind, cpuRatio }: PowerRow): string {
  if (kind === BASE || cpuRatio === null) return '-';
  const more = cpuRatio - 1;
  return `${more < 0 ? '-' : '+'}${percent(Math.abs(more))}`;
}

function nameOf({ kind }: PowerRow): string {
  return kind === BASE ? 'the base itself' : kind;
}

function foundBySection(rows: readonly PowerRow[]): string[] {
  const found = rows.filter(({ foundBy }) => foundBy.length > 0);
  if (found.length === 0) return [];
  return [
    'By what it was found (several measures may find one regression):',
    '',
    ...markdownTable(
      ['compared', 'measures'],
      found.map((row) => [
        nameOf(row),
        row.foundBy.map(([name, times]) => `${titleOf(name)} ${times}`).join(', '),
      ]),
    ),
    '',
  ];
}

function regressionsSection(rows: readonly PowerRow[], regressions: PowerPage['regressions']): string[] {
  const told = rows.flatMap(({ kind }) => {
    const what = regressions[kind];
    return what === undefined ? [] : [`- \`${kind}\`: ${what}`];
  });
  return told.length === 0 ? [] : ['What was injected:', '', ...told, ''];
}

function titleOf(name: string): string {
  return Object.hasOwn(COSTS, name) ? COSTS[name as keyof typeof COSTS].title : eventTitle(name);
}

function percent(share: number): string {
  return format(share, 'share');
}
