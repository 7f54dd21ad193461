/** k6 as a part of the crowd: it is told its night, started, let go at the zero, and its samples become the log. */
import path from 'node:path';
import { EXIT, NotReadyError, RoomrushError } from '../../../errors.ts';
import { type EventWriter, openEventWriter } from '../../../events/writer.ts';
import { nightTimes } from '../../../scenarios/schema.ts';
import type { SwarmCounters } from '../../swarm/config.ts';
import type { Swarm } from '../../swarm/process.ts';
import { drawShare } from '../../swarm/share.ts';
import { type ClockPair, pairClocks, wallMsOf } from './clock.ts';
import type { K6Config } from './config.ts';
import { type Control, openControl } from './control.ts';
import { endOf } from './exit-codes.ts';
import { dropSamples, keepClock, samplesFileIn } from './leftover.ts';
import { writeNightFile } from './night-file.ts';
import { convertSamples } from './samples.ts';
import { K6Tool } from './tool.ts';

/** A wall clock that was set by more than this during the night moves k6's instants with it. */
const CLOCK_STEP_MS_MAX = 5;

/**
 * Starts k6 and waits until it is ready to play.
 *
 * @throws NotReadyError without a k6; RoomrushError when it ends before it is ready, or the plan is another one.
 */
export async function openK6Swarm(config: K6Config): Promise<Swarm> {
  const { runDir, k6, scenario, seed, target } = config;
  if (k6 === null) {
    throw new NotReadyError('no-k6', 'expected a k6, found none', 'node setup/bootstrap.js k6');
  }
  const { plan, people } = drawShare(config, 'k6');
  const nightFile = path.resolve(runDir, 'night.jsonl');
  writeNightFile(nightFile, { scenario, seed, plan, people, target });
  const control = await openControl();
  const tool = new K6Tool({
    k6,
    nightFile,
    samplesFile: samplesFileIn(runDir),
    logFile: path.join(runDir, 'k6.log'),
    controlUrl: control.url,
  });
  const ended = await Promise.race([control.asked, tool.ended]);
  if (ended !== undefined) throw deadTool(ended, tool);
  return new K6Swarm({
    people: people.length,
    runDir,
    processName: config.processName,
    nightEndMs: nightTimes(scenario).nightEndMs,
    control,
    tool,
  });
}

type Parts = {
  readonly people: number;
  readonly runDir: string;
  readonly processName: string;
  readonly nightEndMs: number;
  readonly control: Control;
  readonly tool: K6Tool;
};

class K6Swarm implements Swarm {
  readonly people: number;
  readonly #parts: Parts;
  readonly #clock: ClockPair = pairClocks();
  readonly #log: EventWriter;
  #untilNs = process.hrtime.bigint();
  #seconds: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;

  constructor(parts: Parts) {
    keepClock(parts.runDir, this.#clock);
    this.people = parts.people;
    this.#parts = parts;
    this.#log = openEventWriter({
      dir: path.join(parts.runDir, 'events'),
      process: parts.processName,
      side: 'listener',
      onError: (error) => console.error(`event log: ${error.message}`),
    });
  }

  async play(nightStartNs: bigint, onSecond: (counters: SwarmCounters) => void): Promise<SwarmCounters> {
    const { control, tool, nightEndMs } = this.#parts;
    this.#untilNs = nightStartNs + BigInt(Math.round(nightEndMs * 1e6));
    control.start(wallMsOf(nightStartNs, this.#clock));
    this.#seconds = setInterval(() => onSecond(control.counters()), 1000);
    const ended = await tool.ended;
    // Somebody stops it: `interrupt` ends this process.
    if (this.#closing !== null) return new Promise(() => {});
    // An exception in a virtual user is no failure to k6, which then ends with 0.
    const isPlayed = endOf(ended).how === 'played' && control.done() > 0;
    if (!isPlayed) this.#log.row('interrupted', null, null, null, null, 'k6-failed', null);
    await this.#close();
    if (!isPlayed) throw deadTool(ended, tool);
    return control.counters();
  }

  async interrupt(cause: string): Promise<void> {
    // The night is over; its log is being made whole.
    if (this.#closing !== null) return this.#closing;
    this.#log.row('interrupted', null, null, null, null, cause, null);
    await this.#close();
  }

  #close(): Promise<void> {
    this.#closing ??= this.#convert();
    return this.#closing;
  }

  async #convert(): Promise<void> {
    const { tool, control, runDir } = this.#parts;
    if (this.#seconds !== null) clearInterval(this.#seconds);
    // A k6 that still waits for the zero hears that there will be none.
    control.close();
    await tool.stop();
    this.#checkClock();
    const samples = samplesFileIn(runDir);
    const { unreadable } = await convertSamples(samples, this.#clock, this.#untilNs, this.#log);
    if (unreadable > 0) this.#trouble('k6-samples', unreadable);
    await this.#log.close();
    // A log with a hole is no reason to lose what it was made from.
    if (this.#log.rowsLost === 0) dropSamples(runDir);
  }

  /** k6's instants are the wall clock's; the offset was measured before the night. */
  #checkClock(): void {
    const stepMs = Number(pairClocks().offsetNs - this.#clock.offsetNs) / 1e6;
    if (Math.abs(stepMs) > CLOCK_STEP_MS_MAX) this.#trouble('clock-step', Math.round(Math.abs(stepMs)));
  }

  #trouble(cause: string, count: number): void {
    this.#log.row('trouble', null, null, null, null, cause, count, null, null, this.#untilNs);
  }
}

function deadTool(ended: number | string, tool: K6Tool): RoomrushError {
  return new RoomrushError(
    'k6-failed',
    `k6 did not play the night to its end: ${endOf(ended).why}\n${tool.lastWords()}`,
    'see k6.log in the folder of the run',
    EXIT.defect,
  );
}
