/** What the reference server is told, made from the night and the build. */
import type { Scenario } from '../scenarios/schema.ts';
import { type ServerConfig, serverConfigSchema } from '../server/config.ts';
import type { ServerBuild } from './build.ts';

export type ServerPlace = {
  readonly runDir: string;
  readonly host: string;
  readonly port: number;
  /** UDP port of the first media worker; absent: a free one. */
  readonly rtcPort?: number;
  readonly mediaEnabled: boolean;
  readonly workerBin: string | null;
  readonly seed: number;
};

/** Builds the server's configuration; every default of the server is written out in the result. */
export function serverConfigFor(night: Scenario, build: ServerBuild, place: ServerPlace): ServerConfig {
  const { server } = night;
  return serverConfigSchema.parse({
    host: place.host,
    port: place.port,
    rtcPort: place.rtcPort ?? 0,
    listenBacklog: server.listenBacklog,
    profile: build.profile,
    features: build.features,
    policyParameters: build.policyParameters,
    mainRoom: { ...night.rooms.main, seats: seatsOf(night, build) },
    speakers: Array.from({ length: night.incumbents.speakers }, (_, personId) => personId),
    overflow: night.rooms.overflow,
    parallel: night.rooms.parallel,
    pacing: server.pacing,
    timers: {
      heartbeatMissedMs: server.heartbeatMissedMs,
      iceConsentMs: server.iceConsentMs,
      ticketLifeMs: server.ticketLifeMs,
      seatHoldMs: server.seatHoldMs,
      presenceBatchMs: server.presenceBatchMs,
      hallwayCacheMs: server.hallwayCacheMs,
      positionsEveryMs: server.positionsEveryMs,
    },
    limits: { slowClientBytesMax: server.slowClientBytesMax },
    media: {
      enabled: place.mediaEnabled,
      frameMs: server.frameMs,
      workers: server.mediaWorkers,
      promotion: server.promotion,
      workerBin: place.workerBin,
    },
    seed: place.seed,
    runDir: place.runDir,
  });
}

/** Seats of one overflow room; 0: none is opened. */
export function overflowSeatsOf({ rooms }: Scenario, { features, policyParameters }: ServerBuild): number {
  const own = policyParameters.overflow;
  const roomsMax = own?.roomsMax ?? rooms.overflow.roomsMax;
  return features.overflow === 'none' || roomsMax === 0 ? 0 : (own?.seats ?? rooms.overflow.seats);
}

/** Seats of the main room. A policy may bring a cap of its own. */
export function seatsOf(night: Scenario, { features, policyParameters }: ServerBuild): number {
  const own = { none: undefined, soft: policyParameters['cap-soft'], exact: policyParameters.cap };
  return own[features.cap]?.seats ?? night.rooms.main.seats;
}
