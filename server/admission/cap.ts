/** An exact cap: a decided seat counts at once, whatever has to be awaited until it is taken. Held seats count. */
import { z } from 'zod';
import type { SeatLimit } from './seats.ts';

export const capParameters = z.strictObject({
  seats: z
    .int()
    .min(1)
    .optional()
    .describe("seats of the main room (C1); absent: the night's rooms.main.seats"),
});

export const exactLimit: SeatLimit = {
  free: (room) => room.cap - room.taken - room.held - room.decided,
};
