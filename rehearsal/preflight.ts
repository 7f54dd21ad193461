/**
 * What does a presence delivery, a join and a listener with audio cost on this machine? Three very small real
 * nights say so, and the night is sized by the answer: large enough that the naive build has to do several
 * cores' worth of work, small enough that the generator stays honest.
 */
import type { Scenario } from '../scenarios/schema.ts';
import { playSmallNight } from './small-night.ts';

/** CPU time of server and swarm, measured. */
export type Costs = {
  readonly serverDeliveryUs: number;
  readonly serverJoinMs: number;
  readonly swarmJoinMs: number;
  /** CPU of the signal swarm for each CPU second of a server that is full of presence. */
  readonly swarmShareOfServer: number;
  /** Share of the swarm's core for one listener who receives audio. */
  readonly swarmMediaShare: number;
  /** Share of the server's core that its media worker takes for one listener who receives audio. */
  readonly workerMediaShare: number;
};
export type Preflight = Costs & {
  /** Cores that the burst's presence would take from the naive build at the proposed scale. */
  readonly coresWorth: number;
  /** Share of its core that the generator will need at the proposed scale while the server is full. */
  readonly generatorShare: number;
  readonly scale: number;
  readonly timeScale: number;
  /** Why this scale, in words. */
  readonly reason: string;
};

const QUIET_PEOPLE = 400;
/** More than a naive build can seat in the time: its core is full of presence. */
const LOUD_PEOPLE = 1200;
/** A packet costs less the more of them come at once: a hundred listeners would say too much. */
const MEDIA_PEOPLE = 300;

const CORES_WORTH_MIN = 4;
/** Twice what the media worker can carry. */
const WORKERS_WORTH = 2;
/** A night is not made larger than this share of the generator's core. */
const GENERATOR_SHARE_MAX = 0.7;
/** Beyond this share a run is void: there the night is made smaller. */
const GENERATOR_SHARE_VOID = 0.95;
const SCALE_MIN = 0.1;
const SCALE_MAX = 4;

/** Plays the three small nights. Takes about twenty seconds. */
export async function measureCosts(night: Scenario, stop: AbortSignal): Promise<Costs> {
  const quiet = await playSmallNight(night, 'guarded', 'signal', QUIET_PEOPLE, stop);
  const loud = await playSmallNight(night, 'clubhouse-2021', 'signal', LOUD_PEOPLE, stop);
  const media = await playSmallNight(
    night,
    'guarded',
    isMediaBound(night) ? 'rtp' : 'webrtc',
    MEDIA_PEOPLE,
    stop,
  );
  const serverJoinMs = quiet.serverCpuMs / QUIET_PEOPLE;
  const presenceMs = Math.max(0, loud.serverCpuMs - serverJoinMs * loud.joined);
  return {
    serverDeliveryUs: (presenceMs * 1000) / Math.max(1, loud.deliveries),
    serverJoinMs,
    swarmJoinMs: quiet.swarmCpuMs / QUIET_PEOPLE,
    swarmShareOfServer: loud.swarmCpuMs / Math.max(1, loud.serverCpuMs),
    swarmMediaShare: media.swarmSteadyShare / MEDIA_PEOPLE,
    workerMediaShare: media.workerSteadyShare / MEDIA_PEOPLE,
  };
}

/**
 * Cores that the burst's presence takes from a naive build: people arriving a second times people who are told
 * times the cost of telling one. The burst is the first fifth of the surge, in which half of all arrive.
 */
export function presenceCores(night: Scenario, serverDeliveryUs: number): number {
  const burstPerSecond = arrivals(night) / 2 / (0.2 * (night.phases.surgeMs / 1000));
  return (burstPerSecond * night.rooms.main.seats * serverDeliveryUs) / 1e6;
}

/** Proposes a scale: the night's own, unless this machine asks for more or allows only less. */
export function proposeScale(night: Scenario, costs: Costs): Preflight {
  return isMediaBound(night) ? proposeMediaScale(night, costs) : proposePresenceScale(night, costs);
}

/** A night whose scarce thing is the media worker: most who arrive receive SRTP and nothing else. */
function isMediaBound({ bodies }: Scenario): boolean {
  return bodies.arrivals.rtp > 0.5;
}

/** So many people that all of them would take two cores of the worker's one. */
function proposeMediaScale(night: Scenario, costs: Costs): Preflight {
  const { incumbents, bodies } = night;
  const people = incumbents.count * bodies.incumbents.rtp + arrivals(night) * bodies.arrivals.rtp;
  const wanted = WORKERS_WORTH / Math.max(1e-9, people * costs.workerMediaShare);
  const scale = Math.min(SCALE_MAX, Math.max(SCALE_MIN, Math.ceil(wanted * 20) / 20));
  return {
    ...costs,
    coresWorth: presenceCores(night, costs.serverDeliveryUs) * scale * scale,
    // The worker can send one core's worth at most, whoever wants it.
    generatorShare: costs.swarmMediaShare / Math.max(1e-9, costs.workerMediaShare),
    scale,
    timeScale: 1,
    reason: `all who come would take the media worker ${(people * scale * costs.workerMediaShare).toFixed(1)} cores`,
  };
}

function proposePresenceScale(night: Scenario, costs: Costs): Preflight {
  const coresAt = (scale: number) => presenceCores(night, costs.serverDeliveryUs) * scale * scale;
  const mediaShare = withMedia(night) * costs.swarmMediaShare;
  const generatorAt = (scale: number) => costs.swarmShareOfServer + mediaShare * scale;
  const largestWithin = (share: number) =>
    mediaShare === 0 ? SCALE_MAX : (share - costs.swarmShareOfServer) / mediaShare;
  const propose = (scale: number, reason: string): Preflight => ({
    ...costs,
    coresWorth: coresAt(scale),
    generatorShare: generatorAt(scale),
    scale,
    timeScale: 1,
    reason,
  });

  if (generatorAt(1) > GENERATOR_SHARE_VOID) {
    const scale = Math.max(SCALE_MIN, downToTwentieth(largestWithin(GENERATOR_SHARE_VOID)));
    return propose(scale, 'made smaller: at its own size the night would fill the core of the generator');
  }
  const wanted = Math.sqrt(CORES_WORTH_MIN / Math.max(1e-9, coresAt(1)));
  const allowed = Math.min(SCALE_MAX, downToTwentieth(largestWithin(GENERATOR_SHARE_MAX)));
  if (wanted > 1 && allowed > 1) {
    return propose(
      Math.min(allowed, Math.ceil(wanted * 20) / 20),
      'made larger: a naive build is cheap on this machine',
    );
  }
  return propose(1, "the night's own size");
}

function arrivals(night: Scenario): number {
  return night.waves.reduce((sum, wave) => sum + wave.count, 0);
}

function withMedia(night: Scenario): number {
  const { incumbents, bodies } = night;
  return incumbents.count * bodies.incumbents.webrtc + arrivals(night) * bodies.arrivals.webrtc;
}

function downToTwentieth(scale: number): number {
  return Math.floor(scale * 20) / 20;
}
