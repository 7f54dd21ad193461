/** By what a night is void: its crowd was late, or something else had the machine. A page imports it too. */
import { LATE_ARRIVAL_MS } from '../simulator/listener/carry-out.ts';

/** The ninety-ninth in a hundred may set out so late after the planned instant. */
export const SLIP_P99_MS_MAX = LATE_ARRIVAL_MS;
/** The swarm's core is busy above it (`generator-cost.sql` counts such seconds of the surge). */
export const CORE_BUSY_SHARE = 0.9;
export const CORE_BUSY_SECONDS_MAX = 2;
/** Of either core, over the surge. */
export const FOREIGN_CPU_SHARE_MAX = 0.3;
