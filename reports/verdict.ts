/**
 * The verdict: objectives against measures, and first of all whether the rehearsal itself can be trusted. A run that
 * cannot is void, whatever it measured. Nobody who was turned away can make an objective pass: a measure without
 * samples fails where people arrived, and is void only where nobody was exposed.
 */
import { nearestNames, UsageError } from '../errors.ts';
import type { Objective, Scenario } from '../scenarios/schema.ts';
import { kernelNotes } from './kernel-notes.ts';
import type { Row } from './measures/index.ts';
import { measurePaths, valueAt } from './measures/paths.ts';
import { type Standing, UNKNOWN } from './objectives/standing.ts';
import { type MeasuredSummary, NO_SERVER_SIDE } from './summary.ts';
import type { ObjectiveResult, Summary } from './summary-schema.ts';
import {
  CORE_BUSY_SECONDS_MAX,
  CORE_BUSY_SHARE,
  FOREIGN_CPU_SHARE_MAX,
  SLIP_P99_MS_MAX,
} from './void-limits.ts';

/** The crowd was not the one that was planned, or the log is not all that happened. */
export const VOIDING_TROUBLES: Readonly<Record<string, string>> = {
  EMFILE: 'the swarm ran out of open files',
  EADDRNOTAVAIL: 'the swarm ran out of local ports',
  // What it is called where the address to dial from is chosen and the port is not.
  EADDRINUSE: 'the swarm ran out of local ports',
  'udp-drop': 'the swarm dropped packets that had arrived (UDP receive buffer full)',
  ENOSPC: 'the disk was full, and the event log has a hole',
};

/**
 * Checks that every objective of a night names a measure that a summary has.
 *
 * @throws UsageError naming every wrong path, with the nearest right ones.
 */
export function checkObjectives(scenario: Pick<Scenario, 'objectives'>): void {
  const known = measurePaths();
  const problems = scenario.objectives
    .filter(({ measure }) => !known.includes(measure))
    .map(({ id, measure }) => {
      const near = nearestNames(measure, known);
      return `  objectives.${id}: there is no measure '${measure}'${near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''}`;
    });
  if (problems.length === 0) return;
  throw new UsageError(
    'unknown-measure',
    `expected objectives on measures of the summary:\n${problems.join('\n')}`,
    'docs/reference/summary.schema.json lists every field; join latency goes by body, as joinLatencyMs.signal.p99',
  );
}

/** What the verdict is drawn from. */
export type Evidence = {
  readonly summary: MeasuredSummary;
  readonly objectives: readonly Objective[];
  /** Interval and listeners of each objective, by its id. */
  readonly standings: ReadonlyMap<string, Standing>;
  readonly completeness: Row;
  readonly linesUnread: number;
};

export function drawVerdict(evidence: Evidence): Summary['verdict'] {
  const results = evidence.objectives.map((objective) =>
    judge(objective, evidence.summary, evidence.standings.get(objective.id) ?? UNKNOWN),
  );
  const voidReasons = [
    ...doubts(evidence),
    ...results.flatMap(({ voids }) => (voids === null ? [] : [voids])),
  ];
  const objectives = results.map(({ result }) => result);
  const judged = objectives.filter(({ pass }) => pass !== null);
  if (judged.length === 0 && voidReasons.length === 0) {
    voidReasons.push('no objective could be judged');
  }
  const failed = objectives.filter(({ pass }) => pass === false);
  const notes = notesOn(evidence, objectives);
  if (voidReasons.length > 0) return { result: 'void', reasons: voidReasons, notes, objectives };
  if (failed.length > 0) return { result: 'fail', reasons: failed.map(sentenceOf), notes, objectives };
  return { result: 'pass', reasons: [`all ${judged.length} objectives hold`], notes, objectives };
}

/** Why the rehearsal itself cannot be trusted. */
function doubts({ summary, completeness }: Evidence): string[] {
  const { generator, server } = summary;
  const reasons = partialReasons(summary, completeness);
  const slip = generator.slipMs.p99;
  if (slip !== null && slip > SLIP_P99_MS_MAX) {
    reasons.push(`arrivals were late: slip p99 ${round(slip)} ms, more than ${SLIP_P99_MS_MAX} ms`);
  }
  const busy = generator.coreBusySeconds;
  if (busy !== null && busy > CORE_BUSY_SECONDS_MAX) {
    reasons.push(
      `the swarm's core was over ${CORE_BUSY_SHARE * 100} % busy for ${busy} s of the surge, more than ${CORE_BUSY_SECONDS_MAX} s`,
    );
  }
  for (const [core, share] of [
    ["swarm's", generator.foreignCpuShare],
    ["server's", server.foreignCpuShare],
  ] as const) {
    if (share !== null && share > FOREIGN_CPU_SHARE_MAX) {
      reasons.push(
        `other programs took ${round(share * 100)} % of the ${core} core over the surge, more than ${FOREIGN_CPU_SHARE_MAX * 100} %`,
      );
    }
  }
  for (const [cause, times] of Object.entries(generator.troubles)) {
    const what = VOIDING_TROUBLES[cause];
    if (what !== undefined && times > 0) reasons.push(`${what} (${cause}, ${times} times)`);
  }
  return reasons;
}

function partialReasons(summary: MeasuredSummary, completeness: Row): string[] {
  const reasons: string[] = [];
  const interruptedBy = completeness['interruptedBy'];
  if (completeness['started'] !== true) reasons.push('the run is partial: the night never started');
  else if (typeof interruptedBy === 'string') {
    reasons.push(`the run is partial: it was interrupted (${interruptedBy})`);
  } else if (completeness['ended'] !== true) {
    reasons.push("the run is partial: it was killed before the night's end");
  }
  if (Number(completeness['listenerRows']) === 0) {
    reasons.push("the run is partial: the listeners' side of the log is missing");
  }
  if (summary.run.target === null && Number(completeness['serverRows']) === 0) {
    reasons.push("the run is partial: the server's side of the log is missing");
  }
  return reasons;
}

type Judged = { readonly result: ObjectiveResult; readonly voids: string | null };

function judge(objective: Objective, summary: MeasuredSummary, standing: Standing): Judged {
  const { id, title, measure, op, limit, unit } = objective;
  const measured = valueAt(summary, measure);
  const { samples, exposed, inapplicable, uncounted } = exposureOf(measure, summary);
  const { interval, reason: intervalReason, brokenBy } = standing;
  const base = { id, title, measure, op, limit, unit, measured, samples, interval, intervalReason, brokenBy };
  if (inapplicable !== null) {
    return { result: { ...base, pass: null, reason: inapplicable }, voids: null };
  }
  if (exposed === 0) {
    const reason = 'nobody was exposed: no arrival fell into its window';
    return { result: { ...base, pass: null, reason }, voids: `${title}: ${reason}` };
  }
  if (uncounted !== null) {
    return { result: { ...base, pass: null, reason: uncounted }, voids: `${title}: ${uncounted}` };
  }
  if (measured === null || samples === 0) {
    const reason = measure.startsWith('joinLatencyMs.')
      ? 'not reached: too many never got in'
      : measure === 'recovery.ms' && summary.recovery.metastable === true
        ? 'never: the crowd was still being thrown out or left without an answer when the talk ended'
        : samples === 0
          ? `no figure stands on nobody: of ${exposed} who arrived, none got in`
          : 'the log has nothing to measure it by';
    return { result: { ...base, pass: false, reason }, voids: null };
  }
  const pass = op === '<=' ? measured <= limit : measured >= limit;
  return { result: { ...base, pass, reason: null }, voids: null };
}

type Exposure = {
  /** What the measure was taken from. */
  readonly samples: number;
  /** Who could have been among them. */
  readonly exposed: number;
  /** Why the measure cannot exist in this run, whatever the server does. */
  readonly inapplicable: string | null;
  /** Why there is no figure although listeners were there: our fault, not the server's. */
  readonly uncounted: string | null;
};

function exposureOf(measure: string, summary: MeasuredSummary): Exposure {
  const { crowd, ejections, overflow, incumbents, admission, fairness, browsers, run } = summary;
  const [section, name, body] = measure.split('.') as [string, string, string?];
  const plain = (samples: number, exposed: number): Exposure => ({
    samples,
    exposed,
    inapplicable: null,
    uncounted: null,
  });
  const onlyAfter = (samples: number, exposed: number, what: string): Exposure => ({
    ...plain(samples, exposed),
    inapplicable: exposed === 0 ? what : null,
  });
  switch (section) {
    case 'crowd':
      return name === 'answeredWithin2sShare' || name === 'surgeArrivals'
        ? plain(crowd.surgeArrivals, crowd.surgeArrivals)
        : plain(crowd.arrived, crowd.arrived);
    case 'joinLatencyMs': {
      const body = summary.joinLatencyMs[name];
      const planned =
        name === 'browser'
          ? browsers.plannedArriving
          : (run.bodies.arrivals[name as keyof typeof run.bodies.arrivals] ?? 0);
      return body === undefined && planned === 0
        ? onlyAfter(0, 0, `no arrival of this run is a ${name} body`)
        : plain(body?.count ?? 0, body?.count ?? 0);
    }
    case 'joinByCohort': {
      const count = summary.joinByCohort[name as 'before' | 'surge' | 'after']?.[body as string]?.count ?? 0;
      return onlyAfter(count, count, `nobody of this run came ${name} with a ${body} body`);
    }
    case 'ejections':
      return name === 'returnMs'
        ? onlyAfter(ejections.returnMs.samples, ejections.people, 'nobody was ejected')
        : plain(crowd.joined, crowd.arrived);
    case 'overflow':
      if (name === 'relayLagMs') {
        return onlyAfter(
          overflow.relayLagMs.samples,
          overflow.withMedia,
          'no listener with media was in an overflow room',
        );
      }
      return name === 'promotionGapMs'
        ? onlyAfter(overflow.promotionGapMs.samples, overflow.promoted, 'nobody was promoted')
        : withServer(plain(crowd.arrived, crowd.arrived), admission.reason);
    case 'incumbents': {
      if (name === 'count' || name === 'withMedia') return plain(incumbents.count, crowd.arrived);
      if (incumbents.plannedWithMedia === 0) return onlyAfter(0, 0, 'no incumbent of this run carries media');
      const uncounted =
        incumbents.withMedia > 0 && incumbents.counted === 0
          ? 'nobody counted the packets of those inside'
          : null;
      return { ...plain(incumbents.counted, crowd.arrived), uncounted };
    }
    case 'admission':
      if (name === 'etaErrorMs' && admission.etaErrorMs === null) return onlyAfter(0, 0, 'no wait was told');
      return withServer(plain(crowd.arrived, crowd.arrived), admission.reason);
    case 'browsers':
      return onlyAfter(browsers.count, browsers.planned, 'nobody of this run was a real browser');
    case 'fairness':
      return plain(fairness.samples, crowd.surgeArrivals);
    case 'parallel':
      return withServer(plain(crowd.arrived, crowd.arrived), admission.reason);
    case 'server':
      return withServer(plain(crowd.arrived, crowd.arrived), summary.server.reason);
    default:
      return plain(crowd.arrived, crowd.arrived);
  }
}

/** Another target writes no rows: what only they can tell cannot be judged. Rows that are missing make a run partial. */
function withServer(exposure: Exposure, reason: string | null): Exposure {
  return reason === NO_SERVER_SIDE ? { ...exposure, inapplicable: reason } : exposure;
}

function sentenceOf(objective: ObjectiveResult): string {
  if (objective.measured === null || objective.reason !== null) {
    return `${objective.title}: ${objective.reason ?? 'no figure'}`;
  }
  const relation = objective.op === '<=' ? 'at most' : 'at least';
  return `${objective.title}: ${figure(objective.measured, objective.unit)}, expected ${relation} ${figure(objective.limit, objective.unit)}`;
}

function figure(value: number, unit: Objective['unit']): string {
  switch (unit) {
    case 'share':
      return `${round(value * 100)} %`;
    case 'ms':
      return `${round(value)} ms`;
    case 'people':
      return `${round(value)}`;
  }
}

/** What limits the trust in a verdict without changing it. */
function notesOn({ summary, linesUnread }: Evidence, objectives: readonly ObjectiveResult[]): string[] {
  const { generator, run } = summary;
  const notes = objectives
    .filter(({ pass }) => pass === null)
    .map(({ title, reason }) => `not judged: ${title} (${reason})`);
  if (generator.coreBusySeconds === null || generator.foreignCpuShare === null) {
    notes.push('self-watch is partial: how busy the cores were is not known (only Linux has /proc)');
  }
  for (const { name, violations, detail } of summary.oracles) {
    if (violations > 0) notes.push(`the check ${name} is violated: ${detail}`);
  }
  notes.push(...kernelNotes(generator));
  if (linesUnread > 0) notes.push(`${linesUnread} lines of the event log could not be read`);
  if (run.target !== null) notes.push('another target than the reference server: its inside is not measured');
  for (const { kind } of run.faults) notes.push(`a fault was injected on purpose: ${kind}`);
  if (run.profiler !== null) {
    const { tool, problem } = run.profiler;
    notes.push(
      `profiled with clinic ${tool}, which costs CPU itself: no gate, comparison or capacity takes this run`,
    );
    if (problem !== null) notes.push(`of the profile something is missing: ${problem}`);
  }
  return notes;
}

function round(value: number): string {
  return String(
    Number(value.toPrecision(Math.abs(value) >= 100 ? Math.ceil(Math.log10(Math.abs(value) + 1)) : 3)),
  );
}
