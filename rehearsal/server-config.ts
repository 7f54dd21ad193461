/** What the reference server is told, made from the night and the build. */
import type { Scenario } from '../scenarios/schema.ts';
import { type ServerConfig, serverConfigSchema } from '../server/config.ts';
import type { ServerBuild } from './build.ts';

export type ServerPlace = {
  readonly runDir: string;
  readonly host: string;
  readonly port: number;
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
    listenBacklog: server.listenBacklog,
    profile: build.profile,
    features: build.features,
    mainRoom: night.rooms.main,
    overflow: night.rooms.overflow,
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
    media: { enabled: place.mediaEnabled, frameMs: server.frameMs, workerBin: place.workerBin },
    seed: place.seed,
    runDir: place.runDir,
  });
}
