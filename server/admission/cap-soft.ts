/**
 * A cap that is compared with the seats that were really taken. Everybody whose seat is decided and not yet taken
 * overtakes the check, so a burst overshoots: eyewitnesses saw 5,200 people at a cap of 5,000 (C2). Held seats count.
 */
import { z } from 'zod';
import type { SeatLimit } from './seats.ts';

export const capSoftParameters = z.strictObject({
  seats: z
    .int()
    .min(1)
    .optional()
    .describe("seats of the main room (C1); absent: the night's rooms.main.seats"),
});

export const softLimit: SeatLimit = { free: (room) => room.cap - room.taken - room.held };
