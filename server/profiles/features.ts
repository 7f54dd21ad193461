/**
 * A profile is a record of features, and each feature can be switched alone (`--feature presence=batched`).
 * Everything that is not a feature (heartbeats, timeouts, backlog, slow-client rule, frame length) belongs to
 * the scenario and is equal in every profile.
 */
import { z } from 'zod';

export const featuresSchema = z.strictObject({
  roster: z
    .enum(['whole', 'paged'])
    .describe('whole: the answer to a join carries every listener of the room (C15); paged: its first 50.'),
  presence: z
    .enum(['each', 'batched'])
    .describe(
      'each: every join and leave goes at once to everyone in the room (C15); batched: a count and a sample, once a second.',
    ),
  cap: z
    .enum(['none', 'soft', 'exact'])
    .describe(
      'none: no limit; soft: seats taken are counted before an awaited step, so that joins overtake each other (C2); exact: a decided seat counts at once.',
    ),
  queue: z
    .enum(['none', 'waiting-room'])
    .describe(
      'none: full is an error and people tap again; waiting-room: first come, first served, with a ticket.',
    ),
  limit: z
    .enum(['none', 'adaptive'])
    .describe("adaptive: seats in use are limited by the server's own signals."),
  priority: z
    .enum(['none', 'lanes'])
    .describe(
      'lanes: who lost a seat goes before who was never in; overloaded, the others are refused early.',
    ),
  pacing: z.enum(['none', 'paced']).describe('paced: at most so many seats a second are given.'),
  hold: z
    .enum(['none', 'held'])
    .describe('held: the seat of somebody who was thrown out is kept for a while.'),
  overflow: z
    .enum(['none', 'relay'])
    .describe('relay: when the main room is full, an overflow room carries its audio.'),
  hallway: z
    .enum(['computed', 'cached'])
    .describe('computed: the list of rooms is made for every request; cached: once a second.'),
});
export type Features = z.infer<typeof featuresSchema>;

export const PROFILES = {
  'clubhouse-2021': {
    roster: 'whole',
    presence: 'each',
    cap: 'soft',
    queue: 'none',
    limit: 'none',
    priority: 'none',
    pacing: 'none',
    hold: 'none',
    overflow: 'none',
    hallway: 'computed',
  },
  guarded: {
    roster: 'paged',
    presence: 'batched',
    cap: 'exact',
    queue: 'waiting-room',
    limit: 'none',
    priority: 'none',
    pacing: 'paced',
    hold: 'held',
    overflow: 'relay',
    hallway: 'cached',
  },
} as const satisfies Record<string, Features>;
export type ProfileName = keyof typeof PROFILES;
