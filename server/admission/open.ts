/** No limit at all: the control. Whoever asks is seated, and what that does to the others is what is measured. */
import { z } from 'zod';
import type { SeatLimit } from './seats.ts';

export const openParameters = z.strictObject({});

export const openLimit: SeatLimit = { free: () => Number.POSITIVE_INFINITY };
