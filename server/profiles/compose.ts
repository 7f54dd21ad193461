/** The admission policy that a configuration means: its features say which parts, its numbers say how much. */
import { adaptiveFor, adaptiveParameters } from '../admission/adaptive.ts';
import type { AdmissionComposition } from '../admission/composition.ts';
import { priorityParameters } from '../admission/priority.ts';
import type { ServerConfig } from '../config.ts';

export function compositionOf(
  config: Pick<
    ServerConfig,
    'features' | 'mainRoom' | 'overflow' | 'pacing' | 'timers' | 'limits' | 'policyParameters'
  >,
): AdmissionComposition {
  const { features, timers, mainRoom, policyParameters: own } = config;
  const waitingRoom = own['waiting-room'] ?? {};
  return {
    priority: features.priority === 'none' ? null : (own.priority ?? priorityParameters.parse({})),
    queue:
      features.queue === 'none'
        ? null
        : {
            ticketLifeMs: waitingRoom.ticketLifeMs ?? timers.ticketLifeMs,
            positionsEveryMs: waitingRoom.positionsEveryMs ?? timers.positionsEveryMs,
            peopleMax: waitingRoom.peopleMax ?? config.limits.queueMax,
          },
    pacing: features.pacing === 'none' ? null : over(config.pacing, own['token-bucket']),
    adaptive:
      features.limit === 'none'
        ? null
        : adaptiveFor(
            own.adaptive ?? adaptiveParameters.parse({}),
            features.cap === 'none' ? 1_000 : mainRoom.seats,
          ),
    cap: { kind: features.cap, seats: mainRoom.seats },
    hold: features.hold === 'none' ? null : { holdMs: own.hold?.holdMs ?? timers.seatHoldMs },
    overflow: features.overflow === 'none' ? null : over(config.overflow, own.overflow),
  };
}

/** The night's numbers, but for those that the policy sets itself. */
function over<Numbers extends Readonly<Record<string, number>>>(
  night: Numbers,
  own: Readonly<Record<string, number | undefined>> | undefined,
): Numbers {
  const set = Object.entries(own ?? {}).filter(([, value]) => value !== undefined);
  return { ...night, ...Object.fromEntries(set) };
}
