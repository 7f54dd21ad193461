/** Keeps the seat of somebody who was thrown out, so that coming back with the ticket needs no queue. */
import { z } from 'zod';

export const holdParameters = z.strictObject({
  holdMs: z
    .number()
    .positive()
    .optional()
    .describe(
      "ms for which the seat is kept (an assumption: three tries); absent: the night's server.seatHoldMs",
    ),
});
