/**
 * The runs that say how often the gate is wrong: blocks of one crowd each, in which the base is played twice and each
 * injected regression once, in an order that turns from block to block. Every run is a line of a file, so that a series which
 * was broken off goes on.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { RoomrushError } from '../../errors.ts';
import { isSound } from '../../reports/gate/evidence.ts';
import { BASE, type PowerRun, powerRunSchema } from '../../reports/gate/power-draws.ts';
import { nightTimes, type Scenario } from '../../scenarios/schema.ts';
import { isInterruption } from '../processes.ts';
import { ownServer, type ServerSource } from '../source/server-source.ts';
import { readLines } from './gate-folder.ts';
import { AROUND_A_RUN_MS } from './run-gate.ts';
import { playSurge } from './surge-run.ts';

const REGRESSED = fileURLToPath(new URL('../../server/testing/regressed-server.child.ts', import.meta.url));

/** What was injected, in words that the page prints. */
export const INJECTED: Readonly<Record<string, string>> = {
  'cpu-join': 'a fifth more CPU of the server a join, as real work at the first seat of each person',
  'presence-each': 'presence told to everybody at each change, in place of once for all of half a second',
  'leaks-seats': 'one seat in 200 that are left or lost is never given back',
  'slow-tickets': 'the check of a ticket takes 44 pieces of the same work more, some two ms',
};
/** Of a base that was played twice, one run is compared with the other. */
const KINDS = [BASE, ...Object.keys(INJECTED).slice(0, 2), BASE, ...Object.keys(INJECTED).slice(2)];
export const RUNS_A_BLOCK = KINDS.length;

const RUNS_FILE = 'runs.jsonl';
const JOIN_SHARE = 0.2;
/** A void run is played so often again. */
const REPEATS = 2;
const CALIBRATION_PAIRS = 5;
/** Near a fifth where it was measured first. */
const GUESSED_PIECES = 16;

const calibrationSchema = z.strictObject({ joinPieces: z.int().positive() });

type PowerRequest = {
  readonly surge: Scenario;
  /** Keeps runs.jsonl and what a join was measured to cost. */
  readonly dir: string;
  readonly blocks: number;
  readonly seed: number;
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
};

/** @throws UsageError naming the line that is not a run. */
export function readPowerRuns(file: string): PowerRun[] {
  return readLines(file, powerRunSchema);
}

/**
 * Plays what is missing of the blocks and returns all runs; stopped, those that there are.
 *
 * @throws RoomrushError when a night breaks off.
 */
export async function playPowerRuns(request: PowerRequest): Promise<readonly PowerRun[]> {
  const { dir, stop } = request;
  mkdirSync(dir, { recursive: true });
  const runs = readPowerRuns(path.join(dir, RUNS_FILE));
  try {
    await playMissing(request, runs, await calibrate(request));
  } catch (error) {
    // The run that was on is lost, and no more.
    if (!isInterruption(error, stop)) throw error;
  }
  return runs;
}

async function playMissing(
  { surge, dir, blocks, seed, stop, say }: PowerRequest,
  runs: PowerRun[],
  joinPieces: number,
): Promise<void> {
  const tookMs: number[] = [];
  for (let block = 0; block < blocks; block++) {
    for (const [nth, kind] of orderOf(block).entries()) {
      while (isMissing(runs, block, kind, nth) && !stop.aborted) {
        const left = blocks * RUNS_A_BLOCK - block * RUNS_A_BLOCK - nth;
        say(`block ${block + 1} of ${blocks}, ${kind}: ${minutes(left * meanOf(tookMs, surge))} left`);
        const source = regressedServer(kind, joinPieces);
        const run = await playSurge(surge, seed + block, source, path.join(dir, 'run'), false, stop);
        tookMs.push(run.tookMs);
        const line: PowerRun = { block, kind, figures: run.figures };
        runs.push(line);
        appendFileSync(path.join(dir, RUNS_FILE), `${JSON.stringify(line)}\n`);
        if (!isSound(run.figures)) say(`  void: ${run.figures.voidReasons[0]}`);
      }
    }
  }
}

/** The kinds of a block in the order in which they are played: another one begins each time. */
function orderOf(block: number): readonly string[] {
  return KINDS.map((_, nth) => KINDS[(nth + block) % KINDS.length]!);
}

/** Whether this place of a block has neither a run that counts nor used up its tries. */
function isMissing(runs: readonly PowerRun[], block: number, kind: string, nth: number): boolean {
  const places = orderOf(block)
    .slice(0, nth + 1)
    .filter((one) => one === kind).length;
  const ofKind = runs.filter((run) => run.block === block && run.kind === kind);
  const sound = ofKind.filter(({ figures }) => isSound(figures)).length;
  return sound < places && ofKind.length < places * (1 + REPEATS);
}

/**
 * How much work makes a join dearer by a fifth, in pieces of the yardstick's: measured once for a folder, on the base and on a
 * first guess in turns. However fast the core is later, it stays a fifth.
 */
async function calibrate({ surge, dir, seed, stop, say }: PowerRequest): Promise<number> {
  const file = path.join(dir, 'calibration.json');
  if (existsSync(file)) return calibrationSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).joinPieces;
  // One beside the other, whatever the core's speed: what a join costs, in pieces.
  const sums = { [BASE]: 0, 'cpu-join': 0 };
  for (let nth = 0; nth < CALIBRATION_PAIRS; nth++) {
    for (const kind of [BASE, 'cpu-join'] as const) {
      say(`what does a join cost here? pair ${nth + 1} of ${CALIBRATION_PAIRS}, ${kind}`);
      const source = regressedServer(kind, GUESSED_PIECES);
      const { figures } = await playSurge(surge, seed + nth, source, path.join(dir, 'run'), false, stop);
      sums[kind] += figures.costs.serverCpuMsPerJoin! / figures.yardstickMs!;
    }
  }
  const addedShare = sums['cpu-join'] / sums[BASE] - 1;
  if (addedShare <= 0) {
    throw new RoomrushError(
      'no-calibration',
      `expected ${GUESSED_PIECES} pieces of work to make a join dearer, and it cost ${addedShare} more`,
      'let nothing else run here, and start again',
    );
  }
  const joinPieces = Math.round((GUESSED_PIECES * JOIN_SHARE) / addedShare);
  writeFileSync(file, `${JSON.stringify(calibrationSchema.parse({ joinPieces }))}\n`);
  say(`a fifth of a join is ${joinPieces} pieces of work`);
  return joinPieces;
}

/** Base runs go through the same program, so that only the regression differs. */
function regressedServer(kind: string, joinPieces: number): ServerSource {
  const isFeature = kind === 'presence-each';
  const side = { kind: 'this-tree', name: kind, commit: null, dirty: null } as const;
  const serverEnv = {
    REGRESSED_BY: isFeature ? BASE : kind,
    REGRESSED_JOIN_PIECES: kind === 'cpu-join' ? String(joinPieces) : '0',
  };
  return ownServer(side, { serverEntry: REGRESSED, serverEnv }, isFeature ? ['presence=each'] : []);
}

function meanOf(tookMs: readonly number[], surge: Scenario): number {
  if (tookMs.length === 0) return nightTimes(surge).nightEndMs + AROUND_A_RUN_MS;
  return tookMs.reduce((sum, one) => sum + one, 0) / tookMs.length;
}

function minutes(ms: number): string {
  return `${Math.ceil(ms / 60_000)} min`;
}
