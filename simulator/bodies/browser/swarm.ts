/** The process of the browser listeners put together: one Chromium, a page a person, the night's clock and the log. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventWriter, openEventWriter } from '../../../events/writer.ts';
import { nightTimes, type Scenario } from '../../../scenarios/schema.ts';
import type { Phase } from '../../listener/listener.ts';
import { Tally } from '../../listener/tally.ts';
import { createTraits } from '../../persona/traits.ts';
import type { SwarmCounters } from '../../swarm/config.ts';
import { Loop } from '../../swarm/loop.ts';
import type { Swarm } from '../../swarm/process.ts';
import { rulesOf } from '../../swarm/rules.ts';
import { writeSecond } from '../../swarm/self-watch.ts';
import { drawShare } from '../../swarm/share.ts';
import type { Traffic } from '../signal/connection.ts';
import { pageScript } from './bundle.ts';
import { type Chromium, startChromium } from './chromium.ts';
import type { BrowserConfig } from './config.ts';
import { Guest, type GuestSide } from './guest.ts';
import { Screens } from './screens.ts';

const LOADS_AT_ONCE = 2;
/**
 * Pages are loaded before the night: in it, each would take the crowd's core for a second or more just when others
 * need it. What takes longer goes on in it.
 */
const LOADS_BEFORE_MS_MAX = 40_000;

/**
 * Starts Chromium and loads the pages.
 *
 * @throws NotReadyError when Chromium does not start; RoomrushError when the plan is not the one that the starter drew.
 */
export async function openBrowserSwarm(config: BrowserConfig): Promise<Swarm> {
  const { scenario, seed } = config;
  const { plan, people } = drawShare(config, 'browser');
  const traitsOf = createTraits(plan, seed);
  const chromium = await startChromium(config.chromium);
  const log = openEventWriter({
    dir: path.join(config.runDir, 'events'),
    process: config.processName,
    side: 'listener',
    onError: (error) => console.error(`event log: ${error.message}`),
  });
  const swarm = new BrowserSwarm(chromium, log, scenario);
  const { hallwayAtMs, seed: seeds } = plan.columns;
  const side = swarm.side(pageOf(config.target), rulesOf(scenario));
  const guests = people.map((id) => new Guest(traitsOf(id), hallwayAtMs[id]!, seeds[id]!, side));
  const first = (cohort: (name: string) => boolean) =>
    guests
      .filter(({ personId }) => cohort(plan.personAt(personId).cohort))
      .sort((a, b) => a.intendedMs - b.intendedMs)
      .slice(0, 1);
  const shown = [...first((name) => name === plan.cohorts[0]), ...first((name) => name !== plan.cohorts[0])];
  await swarm.gather(guests, new Screens(path.join(config.runDir, 'screens'), config.screens, shown));
  return swarm;
}

class BrowserSwarm implements Swarm {
  people = 0;
  readonly #chromium: Chromium;
  readonly #log: EventWriter;
  readonly #nightEndMs: number;
  readonly #tally: Tally;
  readonly #loop = new Loop(false, () => this.#beat());
  readonly #traffic: Traffic = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
  readonly #troubles = new Map<string, number>();
  #guests: readonly Guest[] = [];
  #screens: Screens | null = null;
  /** In the order in which they are needed. */
  #toLoad: Guest[] = [];
  #toArrive: Guest[] = [];
  #dialled = 0;
  #nightStartNs: bigint | null = null;
  #seconds: NodeJS.Timeout | null = null;
  #end: NodeJS.Timeout | null = null;
  #isOver = false;

  constructor(chromium: Chromium, log: EventWriter, scenario: Scenario) {
    this.#chromium = chromium;
    this.#log = log;
    const times = nightTimes(scenario);
    this.#nightEndMs = times.nightEndMs;
    this.#tally = new Tally({ mainRoom: scenario.rooms.main.room, ...times });
    chromium.browser.on('disconnected', () => {
      if (this.#isOver) return;
      this.#trouble('chromium-ended');
      for (const guest of this.#guests) guest.crash();
    });
  }

  /** What its people share. */
  side(url: string, rules: GuestSide['rules']): GuestSide {
    return {
      browser: this.#chromium.browser,
      url,
      script: pageScript(),
      rules,
      log: this.#log,
      tally: this.#tally,
      nowMs: () => this.#nowMs(),
      nightStartNs: () => this.#nightStartNs,
      nextConnectionId: () => ++this.#dialled,
      heard: (traffic) => {
        this.#traffic.bytesIn += traffic.bytesIn;
        this.#traffic.bytesOut += traffic.bytesOut;
        this.#traffic.messagesIn += traffic.messagesIn;
        this.#traffic.messagesOut += traffic.messagesOut;
      },
      trouble: (code) => this.#trouble(code),
    };
  }

  /** Loads everybody's page. */
  async gather(guests: readonly Guest[], screens: Screens): Promise<void> {
    this.people = guests.length;
    this.#guests = guests;
    this.#screens = screens;
    this.#toArrive = guests.toSorted((a, b) => a.intendedMs - b.intendedMs);
    this.#toLoad = guests.toSorted((a, b) => a.dueMs - b.dueMs);
    const loaded = Promise.all(Array.from({ length: LOADS_AT_ONCE }, () => this.#loadOneByOne()));
    await Promise.race([loaded, delay(LOADS_BEFORE_MS_MAX, undefined, { ref: false })]);
  }

  async #loadOneByOne(): Promise<void> {
    for (let guest = this.#toLoad.shift(); guest !== undefined; guest = this.#toLoad.shift()) {
      if (this.#isOver) return;
      await guest.load();
    }
  }

  async play(nightStartNs: bigint, onSecond: (counters: SwarmCounters) => void): Promise<SwarmCounters> {
    this.#nightStartNs = nightStartNs;
    for (const guest of this.#guests) guest.begin();
    this.#loop.start();
    this.#seconds = setInterval(() => {
      for (const guest of this.#guests) guest.ask();
      this.#second();
      onSecond(this.#counters());
    }, 1000);
    await new Promise<void>((resolve) => {
      this.#end = setTimeout(resolve, Math.max(0, this.#nightEndMs - this.#nowMs()!));
    });
    const counters = this.#counters();
    await Promise.all([...this.#guests.map((guest) => guest.end()), this.#screens?.finish()]);
    this.#second();
    await this.#stop();
    return counters;
  }

  async interrupt(cause: string): Promise<void> {
    if (this.#isOver) return;
    this.#log.row('interrupted', null, null, null, null, cause, null);
    await this.#stop();
  }

  async #stop(): Promise<void> {
    this.#isOver = true;
    this.#loop.stop();
    if (this.#seconds !== null) clearInterval(this.#seconds);
    if (this.#end !== null) clearTimeout(this.#end);
    // Their pages close with the browser, which is no failure of theirs.
    for (const guest of this.#guests) guest.forget();
    await Promise.all([this.#log.close(), this.#chromium.close()]);
  }

  #nowMs(): number | null {
    return this.#nightStartNs === null ? null : Number(process.hrtime.bigint() - this.#nightStartNs) / 1e6;
  }

  /** What is due: arrivals of those whose page is not there, pictures. */
  #beat(): boolean {
    const nowMs = this.#nowMs()!;
    while (this.#toArrive.length > 0 && this.#toArrive[0]!.intendedMs <= nowMs)
      this.#toArrive.shift()!.arrive();
    this.#screens?.beat(nowMs);
    return false;
  }

  #second(): void {
    writeSecond(this.#log, this.#loop.takeSecond(), this.#traffic, [this.#troubles]);
  }

  #trouble(code: string): void {
    this.#troubles.set(code, (this.#troubles.get(code) ?? 0) + 1);
  }

  #counters(): SwarmCounters {
    const arrived = this.#guests.filter(({ hasArrived }) => hasArrived);
    const inPhase = (...phases: Phase[]) => arrived.filter(({ phase }) => phases.includes(phase)).length;
    return {
      arrived: arrived.length,
      dialing: inPhase('dialing', 'browsing', 'asking', 'seated'),
      waiting: inPhase('waiting'),
      pausing: inPhase('pausing'),
      in: inPhase('in'),
      joined: arrived.filter(({ hasJoined }) => hasJoined).length,
      ...this.#tally.counters(this.#nowMs() ?? 0),
    };
  }
}

/** The room page is served where the signalling is. */
function pageOf(target: string): string {
  const { host } = new URL(target);
  return `http://${host}/`;
}
