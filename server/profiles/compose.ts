/** The admission policy that a configuration means: its features say which parts, its numbers say how much. */
import type { AdmissionComposition } from '../admission/step.ts';
import type { ServerConfig } from '../config.ts';

export function compositionOf(
  config: Pick<ServerConfig, 'features' | 'mainRoom' | 'overflow' | 'pacing' | 'timers' | 'limits'>,
): AdmissionComposition {
  const { features, timers } = config;
  return {
    cap: { kind: features.cap, seats: config.mainRoom.seats },
    queue:
      features.queue === 'none'
        ? null
        : {
            ticketLifeMs: timers.ticketLifeMs,
            positionsEveryMs: timers.positionsEveryMs,
            peopleMax: config.limits.queueMax,
          },
    pacing: features.pacing === 'none' ? null : config.pacing,
    hold: features.hold === 'none' ? null : { holdMs: timers.seatHoldMs },
    overflow: features.overflow === 'none' ? null : config.overflow,
  };
}
