/**
 * One night, played for real: starts the server and the swarm, lets the plan's clock run, watches from outside,
 * injects the faults, and closes the log whatever happens. What comes out is a run folder; what it means is
 * for `reports` to say.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EventWriter, openEventWriter } from '../events/writer.ts';
import { writePlan } from '../reports/index.ts';
import { type RunRecord, writeRunRecord } from '../reports/store/run-record.ts';
import type { Summary } from '../reports/summary.ts';
import { type NightTimes, nightTimes } from '../scenarios/schema.ts';
import type { RoomsNow } from '../server/rooms/rooms-now.ts';
import { createTexts } from '../simulator/persona/texts.ts';
import type { BodyName } from '../simulator/plan/bodies.ts';
import { profileEnvironment, profileTimes } from './clinic/server-profile.ts';
import { crowdPartOf, processNameOf, withChildren } from './crowd-parts.ts';
import type { PreparedNight } from './prepare.ts';
import { killPart, type Part, type PartMessage, startReadyPart, stopPart, tell } from './processes.ts';
import { serverConfigFor } from './server-config.ts';
import { type Watched, withWorkers } from './watch/cpu-meter.ts';
import { startProbe } from './watch/probe.ts';
import { readDescendants } from './watch/proc.ts';
import { startWatcher, type WatchSample } from './watch/watcher.ts';

const SERVER_ENTRY = fileURLToPath(new URL('../server/main.ts', import.meta.url));
const YARDSTICK_ENTRY = fileURLToPath(new URL('watch/yardstick.child.ts', import.meta.url));
const YARDSTICK = 'yardstick';

/** Swarm on one core, server and worker on another; the rehearsal itself stays with the swarm. */
const SWARM_CORE = 0;
export const SERVER_CORE = 1;

const STOP_PATIENCE_MS = 10_000;
/** After the night's end the swarm writes its last rows and closes thousands of sockets. */
const DONE_TIMEOUT_MS = 30_000;
const LEAD_MS = 500;
const PROBE_EVERY_MS = 250;
const PROBE_TIMEOUT_MS = 30_000;

type Counters = Readonly<Record<string, number>>;

/** What somebody who watches a run is told. */
export type Observation =
  /** It is about to be played. */
  | { readonly type: 'night'; readonly prepared: PreparedNight }
  | { readonly type: 'step'; readonly text: string }
  | { readonly type: 'moment'; readonly title: string; readonly nightMs: number }
  | { readonly type: 'fault'; readonly text: string; readonly nightMs: number }
  | {
      readonly type: 'second';
      readonly nightMs: number;
      readonly nightEndMs: number;
      /** What the processes of the crowd told, summed. */
      readonly counters: Counters;
      readonly countersByProcess: ReadonlyMap<string, Counters>;
      readonly sample: WatchSample | null;
      readonly probeMs: number | null;
      /** As the server told them last; null: it does not tell, or is gone. */
      readonly rooms: RoomsNow | null;
    }
  /** It is measured. */
  | { readonly type: 'verdict'; readonly summary: Summary };
export type Observe = (observation: Observation) => void;

export type PlayedNight = { readonly runDir: string; readonly interrupted: string | null };

/**
 * Plays one night into `runDir`.
 *
 * @param stop aborts the night: everything is stopped in order and what was measured is kept.
 * @throws NotReadyError when a process does not get ready; the run folder then holds its log.
 */
export async function playNight(
  prepared: PreparedNight,
  record: RunRecord,
  runDir: string,
  observe: Observe,
  stop: AbortSignal,
): Promise<PlayedNight> {
  mkdirSync(path.join(runDir, 'events'), { recursive: true });
  writeFileSync(path.join(runDir, 'scenario.json'), `${JSON.stringify(prepared.scenario, null, 2)}\n`);
  const { plan, assigned, seed } = prepared;
  const { nameOf } = createTexts(seed);
  writePlan(runDir, plan, assigned, (personId) => ({
    name: nameOf(personId),
    origin: plan.personAt(personId).origin,
  }));
  writeRunRecord(runDir, { ...record, status: 'running' });
  const night = new Night(prepared, runDir, observe);
  try {
    await night.start(stop);
    await night.run(stop);
  } finally {
    await night.close();
  }
  writeRunRecord(runDir, { ...record, status: night.interrupted === null ? 'finished' : 'interrupted' });
  return { runDir, interrupted: night.interrupted };
}

class Night {
  interrupted: string | null = null;
  readonly #prepared: PreparedNight;
  readonly #runDir: string;
  readonly #observe: Observe;
  readonly #log: EventWriter;
  readonly #times: NightTimes;
  /** In the order in which they were started: the server first. */
  readonly #parts: Part[] = [];
  readonly #done = new Set<string>();
  readonly #counters = new Map<string, Counters>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #stopWatching: (() => void)[] = [];
  /** Aborted when the night cannot go on: its reason is the cause of the `interrupted` row. */
  readonly #broken = new AbortController();
  #signalUrl: string;
  #sample: WatchSample | null = null;
  #probeMs: number | null = null;
  #rooms: RoomsNow | null = null;
  #closing = false;

  constructor(prepared: PreparedNight, runDir: string, observe: Observe) {
    this.#prepared = prepared;
    this.#runDir = runDir;
    this.#observe = observe;
    this.#times = nightTimes(prepared.scenario);
    this.#signalUrl = prepared.target ?? '';
    this.#log = openEventWriter({
      dir: path.join(runDir, 'events'),
      process: 'rehearsal',
      side: 'rehearsal',
    });
  }

  /** Starts the server, then the swarm, and waits until each says that it is ready. */
  async start(stop: AbortSignal): Promise<void> {
    if (this.#prepared.target === null) {
      this.#observe({ type: 'step', text: 'starting the server' });
      await this.#startServer(stop);
    }
    if (this.#prepared.yardstick === true) await this.#startYardstick(stop);
    this.#observe({ type: 'step', text: 'gathering the crowd' });
    await Promise.all(this.#prepared.swarms.map((body) => this.#startSwarm(body, stop)));
  }

  async #startServer(stop: AbortSignal): Promise<void> {
    const {
      scenario,
      build,
      setup,
      needsMedia,
      port,
      rtcPort,
      seed,
      serverEntry = SERVER_ENTRY,
      serverConfig = (told) => told,
      serverEnv = {},
      profiler,
    } = this.#prepared;
    const config = serverConfigFor(scenario, build, {
      runDir: this.#runDir,
      host: '127.0.0.1',
      port,
      rtcPort,
      mediaEnabled: needsMedia,
      workerBin: setup.workerBin,
      seed,
    });
    const ready = await this.#startPart(
      'server',
      serverEntry,
      serverConfig(config),
      SERVER_CORE,
      profiler === null
        ? serverEnv
        : { ...serverEnv, ...profileEnvironment(profiler, this.#runDir, scenario) },
      stop,
      (message) => {
        if (message['type'] === 'rooms') this.#rooms = message as RoomsNow & PartMessage;
      },
    );
    void this.#server?.ended.then(() => {
      this.#rooms = null;
    });
    const bound = Number(ready['port']);
    this.#signalUrl = `ws://127.0.0.1:${bound}/signal`;
    if (port !== 0 && serverEntry === SERVER_ENTRY)
      this.#observe({ type: 'step', text: `listen along at http://127.0.0.1:${bound}/` });
    const probe = startProbe(`http://127.0.0.1:${bound}/health`, PROBE_EVERY_MS, PROBE_TIMEOUT_MS, (ms) => {
      this.#probeMs = ms;
      this.#log.row('probe', null, null, null, null, ms === null ? 'unanswered' : null, ms);
    });
    this.#stopWatching.push(probe.stop);
  }

  /** Beside the server, on its core. */
  async #startYardstick(stop: AbortSignal): Promise<void> {
    await this.#startPart(YARDSTICK, YARDSTICK_ENTRY, {}, SERVER_CORE, {}, stop, ({ type, pieceMs }) => {
      if (type === 'measured')
        this.#log.row('yardstick', null, null, null, null, null, pieceMs as number | null);
    });
  }

  async #startSwarm(body: BodyName, stop: AbortSignal): Promise<void> {
    const { name, entry, config, env } = crowdPartOf(body, this.#prepared, this.#runDir, this.#signalUrl);
    const core = this.#prepared.unpinned === true ? null : SWARM_CORE;
    await this.#startPart(name, entry, config, core, env, stop, (message) => {
      if (message['type'] === 'tick' || message['type'] === 'done') {
        this.#counters.set(name, message['counters'] as Counters);
      }
      if (message['type'] === 'done') this.#done.add(name);
    });
  }

  /** Starts one process of this night; its end before the night's is what breaks the night. */
  #startPart(
    name: string,
    entry: string,
    config: object,
    core: number | null,
    env: Readonly<Record<string, string>>,
    stop: AbortSignal,
    onMessage: (message: PartMessage) => void,
  ): Promise<PartMessage> {
    const configFile = path.join(this.#runDir, `${name}.json`);
    writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
    const logFile = path.join(this.#runDir, `${name}.log`);
    return startReadyPart(
      { name, entry, args: [configFile], core, env, logFile, onMessage },
      stop,
      (part) => {
        this.#parts.push(part);
        void part.ended.then(() => {
          if (!this.#closing && !this.#done.has(name)) this.#broken.abort(`${name}-ended`);
        });
      },
    );
  }

  /** The night itself: from the common start until the swarm is done, something broke, or somebody stopped it. */
  async run(stop: AbortSignal): Promise<void> {
    const startNs = process.hrtime.bigint() + BigInt(LEAD_MS) * 1_000_000n;
    this.#log.row('night-start', null, null, null, null, null, null, null, null, startNs);
    for (const part of this.#parts.filter((one) => one.name !== 'server'))
      tell(part, { type: 'start', nightStartNs: String(startNs) });
    this.#scheduleMoments(startNs);
    this.#scheduleFaults(startNs);
    this.#scheduleProfile(startNs);
    const watcher = startWatcher(
      this.#log,
      () => [
        ...(this.#server === null ? [] : withWorkers(this.#server.pid)),
        ...(this.#prepared.targetPid === undefined ? [] : withDescendants(this.#prepared.targetPid)),
        ...this.#prepared.swarms.flatMap((body) => {
          const pid = this.#parts.find((part) => part.name === processNameOf(body))?.pid;
          return pid === undefined ? [] : withChildren(body, pid);
        }),
        ...(this.#yardstick === null ? [] : [{ name: YARDSTICK, pid: this.#yardstick.pid }]),
        { name: 'rehearsal', pid: process.pid },
      ],
      (sample) => {
        this.#sample = sample;
        this.#tellSecond(startNs);
      },
    );
    this.#stopWatching.push(watcher.stop);

    const allDone = Promise.all(this.#swarms().map((swarm) => swarm.ended));
    const aborted = new Promise<string>((resolve) => {
      stop.addEventListener('abort', () => resolve('stopped'), { once: true });
      this.#broken.signal.addEventListener('abort', () => resolve(String(this.#broken.signal.reason)), {
        once: true,
      });
      if (stop.aborted) resolve('stopped');
      if (this.#broken.signal.aborted) resolve(String(this.#broken.signal.reason));
    });
    const overtime = new AbortController();
    const late = delay(LEAD_MS + this.#times.nightEndMs + DONE_TIMEOUT_MS, 'swarm-late', {
      signal: overtime.signal,
    }).catch(() => 'ended');
    const how = await Promise.race([allDone.then(() => 'done'), aborted, late]);
    overtime.abort();
    if (how === 'done' && this.#done.size === this.#swarms().length) {
      this.#log.row('night-end', null, null, null, null, null, null);
      // What the crowd told with its last word.
      this.#tellSecond(startNs);
      return;
    }
    this.interrupted = how === 'done' ? 'swarm-ended' : how;
    this.#log.row('interrupted', null, null, null, null, this.interrupted, null);
  }

  #scheduleMoments(startNs: bigint): void {
    for (const moment of this.#prepared.scenario.moments) {
      const nightMs = this.#times.surgeStartMs + moment.afterSurgeStartMs;
      this.#at(startNs, nightMs, () => {
        this.#log.row('moment', null, null, null, null, moment.id, null);
        this.#observe({ type: 'moment', title: moment.title, nightMs });
        if (moment.action !== null && this.#server !== null)
          tell(this.#server, { type: 'empty-rooms', what: moment.action });
      });
    }
  }

  #scheduleFaults(startNs: bigint): void {
    for (const fault of this.#prepared.faults) {
      this.#at(startNs, fault.atMs, () => {
        this.#log.row('fault', null, null, null, null, fault.kind, fault.kind === 'cut' ? fault.share : null);
        this.#observe({ type: 'fault', text: fault.kind, nightMs: fault.atMs });
        if (this.#server === null) return;
        if (fault.kind === 'kill-worker') tell(this.#server, { type: 'kill-worker' });
        if (fault.kind === 'kill-server') killPart(this.#server);
      });
    }
  }

  /** A night that is stopped in between: the server writes what it has when it ends. */
  #scheduleProfile(startNs: bigint): void {
    const server = this.#server;
    if (this.#prepared.profiler === null || server === null) return;
    const { startMs, stopMs } = profileTimes(this.#times);
    this.#at(startNs, startMs, () => tell(server, { type: 'profile', what: 'start' }));
    this.#at(startNs, stopMs, () => tell(server, { type: 'profile', what: 'stop' }));
  }

  #at(startNs: bigint, nightMs: number, what: () => void): void {
    const inMs = Number(startNs - process.hrtime.bigint()) / 1e6 + nightMs;
    this.#timers.push(setTimeout(what, Math.max(0, inMs)));
  }

  #tellSecond(startNs: bigint): void {
    const counters: Record<string, number> = {};
    for (const part of this.#counters.values()) {
      for (const [name, value] of Object.entries(part)) counters[name] = (counters[name] ?? 0) + value;
    }
    this.#observe({
      type: 'second',
      nightMs: Number(process.hrtime.bigint() - startNs) / 1e6,
      nightEndMs: this.#times.nightEndMs,
      counters,
      countersByProcess: this.#counters,
      sample: this.#sample,
      probeMs: this.#probeMs,
      rooms: this.#rooms,
    });
  }

  /** Stops whatever still runs, swarm first, and closes the log. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const stop of this.#stopWatching) stop();
    await Promise.all(this.#swarms().map((swarm) => stopPart(swarm, STOP_PATIENCE_MS)));
    if (this.#yardstick !== null) await stopPart(this.#yardstick, STOP_PATIENCE_MS);
    if (this.#server !== null) await stopPart(this.#server, STOP_PATIENCE_MS);
    await this.#log.close();
  }

  get #server(): Part | null {
    return this.#parts.find((part) => part.name === 'server') ?? null;
  }

  get #yardstick(): Part | null {
    return this.#parts.find((part) => part.name === YARDSTICK) ?? null;
  }

  #swarms(): readonly Part[] {
    return this.#parts.filter((part) => part.name !== 'server' && part.name !== YARDSTICK);
  }
}

/** A target that was started for the night: which of its processes does what is its own affair. */
function withDescendants(pid: number): Watched[] {
  return [pid, ...readDescendants(pid)].map((one) => ({ name: 'server', pid: one, isExact: true }));
}
