/** One swarm process put together: the plan, its share of the people, their bodies, the loop and the log. */
import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import path from 'node:path';
import { EXIT, NotReadyError, RoomrushError } from '../../errors.ts';
import { type EventWriter, openEventWriter } from '../../events/writer.ts';
import { nightTimes } from '../../scenarios/schema.ts';
import type { PeerPool } from '../bodies/peer-pool.ts';
import type { Target } from '../bodies/signal/connection.ts';
import { createTraits } from '../persona/traits.ts';
import type { AssignedBodies } from '../plan/bodies.ts';
import type { SwarmConfig, SwarmCounters } from './config.ts';
import { Crowd } from './crowd.ts';
import { Loop } from './loop.ts';
import { MediaSide } from './media.ts';
import type { Swarm } from './process.ts';
import { UdpDrops, writeSecond } from './self-watch.ts';
import { drawShare } from './share.ts';

/** An address pair has 28,232 ephemeral ports, and one that was closed is kept for a minute. */
const SOURCES = 32;
/** Handshakes at once: more only add latency (measured). */
const HANDSHAKES_AT_ONCE = 32;

/** @throws RoomrushError when the plan is not the one that the starter drew. */
export async function openSwarm(config: SwarmConfig): Promise<Swarm> {
  const { scenario, seed, body } = config;
  const { plan, assigned, people } = drawShare(config, body);
  const traitsOf = createTraits(plan, seed);
  // Names are cheap one by one, but not in the middle of a burst.
  for (const personId of people) traitsOf(personId);
  const target = await resolveTarget(config.target);
  const log = openEventWriter({
    dir: path.join(config.runDir, 'events'),
    process: config.processName,
    side: 'listener',
    onError: (error) => console.error(`event log: ${error.message}`),
  });
  const pool = body === 'signal' ? null : await openPool(body, config);
  const media =
    body === 'signal' || pool === null
      ? null
      : mediaSide(body, config, assigned, pool, log, (personId) => crowd.roomOf(personId));
  const crowd: Crowd = new Crowd({
    scenario,
    seed,
    plan,
    people,
    traitsOf,
    target,
    sources: sourcesFor(target),
    media,
    cuts: config.cuts,
    log,
    onMessages: (count) => loop.came(count),
  });
  const loop: Loop = new Loop(config.nap && body !== 'webrtc', () => crowd.beat());
  return new RunningSwarm({
    people: people.length,
    crowd,
    loop,
    media,
    pool,
    log,
    nightEndMs: nightTimes(scenario).nightEndMs,
  });
}

type Parts = {
  readonly people: number;
  readonly crowd: Crowd;
  readonly loop: Loop;
  readonly media: MediaSide | null;
  readonly pool: PeerPool | null;
  readonly log: EventWriter;
  readonly nightEndMs: number;
};

class RunningSwarm implements Swarm {
  readonly people: number;
  readonly #parts: Parts;
  readonly #drops: UdpDrops | null;
  #seconds: NodeJS.Timeout | null = null;
  #end: NodeJS.Timeout | null = null;
  #isOver = false;

  constructor(parts: Parts) {
    this.people = parts.people;
    this.#parts = parts;
    this.#drops = parts.pool === null ? null : new UdpDrops(parts.pool.receiverPid);
  }

  async play(nightStartNs: bigint, onSecond: (counters: SwarmCounters) => void): Promise<SwarmCounters> {
    const { crowd, loop, log, nightEndMs } = this.#parts;
    crowd.start(nightStartNs);
    loop.start();
    this.#seconds = setInterval(() => {
      this.#second();
      onSecond(crowd.counters());
    }, 1000);
    await new Promise<void>((resolve) => {
      this.#end = setTimeout(resolve, Math.max(0, nightEndMs - crowd.nowMs()));
    });
    const counters = crowd.counters();
    crowd.endNight();
    this.#second();
    this.#stop();
    await log.close();
    return counters;
  }

  async interrupt(cause: string): Promise<void> {
    if (this.#isOver) return;
    const { log } = this.#parts;
    log.row('interrupted', null, null, null, null, cause, null);
    this.#stop();
    await log.close();
  }

  #second(): void {
    const { crowd, loop, media, log } = this.#parts;
    media?.second();
    const drops = this.#drops?.take() ?? 0;
    if (drops > 0) crowd.troubles.set('udp-drop', drops);
    writeSecond(log, loop.takeSecond(), crowd.traffic, [
      crowd.troubles,
      ...(media === null ? [] : [media.troubles]),
    ]);
  }

  #stop(): void {
    this.#isOver = true;
    this.#parts.loop.stop();
    if (this.#seconds !== null) clearInterval(this.#seconds);
    if (this.#end !== null) clearTimeout(this.#end);
  }
}

function mediaSide(
  kind: 'webrtc' | 'rtp',
  config: SwarmConfig,
  assigned: AssignedBodies,
  pool: PeerPool,
  log: EventWriter,
  roomOf: (personId: number) => string | null,
): MediaSide {
  return new MediaSide({
    kind,
    pool,
    log,
    frameMs: config.scenario.server.frameMs,
    mainRoom: config.scenario.rooms.main.room,
    withCallback: assigned.withCallback,
    roomOf,
  });
}

/** Each is loaded only where it is needed: the webrtc one brings native threads with it. */
async function openPool(body: 'webrtc' | 'rtp', config: SwarmConfig): Promise<PeerPool> {
  const { meterFile, rtpSink } = config;
  if (body === 'webrtc') {
    const { createPeerPool } = await import('../bodies/webrtc/index.ts');
    return createPeerPool({ meterFile, concurrency: HANDSHAKES_AT_ONCE });
  }
  if (meterFile === null || rtpSink === null) {
    throw new NotReadyError(
      'no-rtp-sink',
      'expected the compiled sink of the rtp listeners and a file for its counts; one is missing',
      'npx roomrush doctor',
    );
  }
  const { createRtpPool } = await import('../bodies/rtp/index.ts');
  return createRtpPool({
    program: rtpSink,
    meterFile,
    onSinkEnded: (how) => {
      // Everybody here is deaf from now on, which is no fault of the server's: the run ends with this process.
      throw new RoomrushError(
        'rtp-sink-ended',
        `the sink of the rtp listeners ended (${how})`,
        'a defect in roomrush, or somebody ended it',
        EXIT.defect,
      );
    },
  });
}

async function resolveTarget(url: string): Promise<Target> {
  const { hostname, host, port, pathname, search } = new URL(url);
  const { address } = await lookup(hostname.replace(/^\[|\]$/g, ''));
  return { host: address, port: Number(port || 80), authority: host, path: `${pathname}${search}` };
}

/** On loopback every address of 127/8 is ours to dial from; elsewhere the system chooses. */
function sourcesFor({ host }: Target): string[] {
  if (!isIPv4(host) || !host.startsWith('127.')) return [];
  return Array.from({ length: SOURCES }, (_, nth) => `127.0.0.${2 + nth}`);
}
