/**
 * The gate: short surges against base and candidate in turns, until the rule has seen enough. What was played is kept run
 * by run, so that Ctrl-C costs the run that is on and no more.
 */
import path from 'node:path';
import { checkSameCrowd, seedsOf } from '../../reports/gate/baseline.ts';
import type { GateEvidence } from '../../reports/gate/evidence.ts';
import { type GateContext, gateFile } from '../../reports/gate/gate-file.ts';
import type { KneeEvidence } from '../../reports/gate/knee.ts';
import type { GateOptions } from '../../reports/gate/options.ts';
import type { GateFile } from '../../reports/gate/schema.ts';
import { type NextStep, nextStep } from '../../reports/gate/sequence.ts';
import { nightTimes } from '../../scenarios/schema.ts';
import { isInterruption } from '../processes.ts';
import type { ServerSource } from '../source/server-source.ts';
import { appendRun, type GateSettings, readPlayed, writeGate } from './gate-folder.ts';
import type { GateSources } from './gate-sources.ts';
import { type KneeProgress, playKnee } from './run-knee.ts';
import { type NextRun, type PlayedRun, pairedSchedule, type Side, storedSchedule } from './schedule.ts';
import { playSurge, type SurgeRun } from './surge-run.ts';

/** What a run takes beside its night, before there is a run to tell: starting, stopping, measuring. */
export const AROUND_A_RUN_MS = 4_500;

/** What somebody who watches a gate is told. */
export type GateProgress = {
  readonly kept: (runs: number) => void;
  /** @param left estimates: until the next look, and until the last one. */
  readonly begins: (run: NextRun, left: { readonly toLookMs: number; readonly atMostMs: number }) => void;
  readonly ended: (side: Side, run: SurgeRun) => void;
  /** Void, and played once more as a whole. */
  readonly again: (gate: GateFile) => void;
  readonly knee: KneeProgress;
};

export type GateRequest = {
  readonly settings: GateSettings;
  readonly sources: GateSources;
  readonly dir: string;
  /** A gate that is void is played once more: a CI job has nobody who would. */
  readonly retryVoid: boolean;
  readonly progress: GateProgress;
  readonly stop: AbortSignal;
};

/**
 * Plays a gate to its end, or on from what its folder holds, and writes gate.json, summary.md and junit.xml there. One that is
 * stopped ends with what was measured, as void.
 */
export async function runGate(request: GateRequest): Promise<GateFile> {
  const { dir, settings, sources, progress, retryVoid, stop } = request;
  const played = readPlayed(dir);
  if (played.length > 0) progress.kept(played.length);
  let round = played.at(-1)?.round ?? 1;
  const fileOf = (
    evidence: GateEvidence,
    stopped: string | null,
    knee: KneeEvidence | null = null,
  ): GateFile => {
    const gate = gateFile(contextOf(settings, sources), evidence, settings.options, stopped, knee);
    writeGate(dir, gate);
    return gate;
  };
  for (;;) {
    const { evidence, next } = scheduleOf(request, played, round);
    const rule = nextStep(evidence, settings.options);
    if (rule.step === 'verdict') {
      const isKneeDue = settings.options.judgeKnee && rule.result === 'no regression seen';
      const knee = isKneeDue ? await playKnee(request) : null;
      const gate = fileOf(evidence, stop.aborted ? 'interrupted' : null, knee);
      if (rule.result !== 'void' || !retryVoid || round > 1) return gate;
      progress.again(gate);
      round += 1;
      continue;
    }
    if (stop.aborted) return fileOf(evidence, 'interrupted');
    progress.begins(next, timeLeft(request, played, evidence, rule));
    try {
      played.push(await playOne(request, round, next));
    } catch (error) {
      if (!isInterruption(error, stop)) throw error;
    }
  }
}

function contextOf(settings: GateSettings, { night, base, candidate, machine }: GateSources): GateContext {
  return {
    night: night.id,
    startedAt: settings.startedAt,
    base: base.side,
    candidate: candidate.side,
    machine,
    notes: [...('baseline' in base ? [] : base.notes), ...candidate.notes],
  };
}

function scheduleOf(
  { settings, sources: { base } }: GateRequest,
  played: readonly PlayedRun[],
  round: number,
): { readonly evidence: GateEvidence; readonly next: NextRun } {
  const ofRound = played.filter((run) => run.round === round);
  if (!('baseline' in base)) return pairedSchedule(ofRound, settings.seed);
  const { baseline, refused } = base;
  return storedSchedule(ofRound, seedsOf(baseline), { base: baseline.runs, refused });
}

async function playOne(request: GateRequest, round: number, next: NextRun): Promise<PlayedRun> {
  const { settings, sources, dir, progress, stop } = request;
  const { base, candidate, surge } = sources;
  const { nth, side, seed } = next;
  const source: ServerSource = side === 'candidate' || 'baseline' in base ? candidate : base;
  const runDir = path.join(dir, 'runs', `${round === 1 ? '' : `again-`}${nth + 1}-${side}`);
  const run = await playSurge(surge, seed, source, runDir, settings.keepRuns, stop);
  if ('baseline' in base) checkSameCrowd(base.file, base.baseline, run.figures);
  const line: PlayedRun = { round, side, ...run };
  appendRun(dir, line);
  progress.ended(side, run);
  return line;
}

/** By the runs so far, void ones among them: what happened so often happens again. */
function timeLeft(
  { settings: { options }, sources: { surge } }: GateRequest,
  played: readonly PlayedRun[],
  evidence: GateEvidence,
  rule: Extract<NextStep, { readonly step: 'more pairs' }>,
): { readonly toLookMs: number; readonly atMostMs: number } {
  const counted = rule.judgement.runs;
  const perCounted = evidence.kind === 'paired' ? 2 : 1;
  const sum = played.reduce((ms, { tookMs }) => ms + tookMs, 0);
  const aRunMs = played.length === 0 ? nightTimes(surge).nightEndMs + AROUND_A_RUN_MS : sum / played.length;
  const useful =
    counted * perCounted + (evidence.kind === 'paired' ? halfPair(played, evidence.pairs.length) : 0);
  const waste = useful === 0 ? 1 : Math.max(1, played.length / useful);
  const ms = (until: number) => Math.max(0, until * perCounted - useful) * aRunMs * waste;
  return { toLookMs: ms(rule.until), atMostMs: ms(lastOf(options)) };
}

function halfPair(played: readonly PlayedRun[], pairs: number): 0 | 1 {
  const sound = played.filter(({ figures }) => figures.voidReasons.length === 0).length;
  return sound > 2 * pairs ? 1 : 0;
}

function lastOf({ looks }: GateOptions): number {
  return looks.at(-1)!;
}
