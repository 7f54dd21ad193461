/** The size of a night: what the user said, else what preflight proposes; always printed. */
import { measureCosts, type Preflight, proposeScale } from '../rehearsal/preflight.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { NightFlags } from './options.ts';
import type { Screen } from './outputs.ts';

export type Size = {
  readonly scale: number;
  readonly timeScale: number;
  readonly preflight: Preflight | null;
};

/** Settles scale and time-scale, and says on `stream` how they came about. */
export async function settleSize(
  night: Scenario,
  flags: NightFlags,
  stream: Screen,
  stop: AbortSignal,
): Promise<Size> {
  const timeScale = flags.timeScale ?? 1;
  if (!flags.preflight || flags.scale !== undefined) {
    const size = { scale: flags.scale ?? 1, timeScale, preflight: null };
    stream.write(`scale ${size.scale}, time-scale ${size.timeScale}, seed ${flags.seed}\n`);
    return size;
  }
  stream.write('preflight: what do a delivery, a join and a listener cost on this machine? (about 20 s)\n');
  const preflight = proposeScale(night, await measureCosts(night, stop));
  stream.write(
    `preflight: a delivery costs the server ${preflight.serverDeliveryUs.toFixed(1)} us, a join ` +
      `${preflight.serverJoinMs.toFixed(2)} ms of CPU; a full server costs the swarm ` +
      `${Math.round(preflight.generatorShare * 100)} % of its core, audio included\n` +
      `scale ${preflight.scale}, time-scale ${timeScale}, seed ${flags.seed}: ${preflight.reason}; the burst's ` +
      `presence is ${preflight.coresWorth.toFixed(1)} cores' worth for a naive build\n`,
  );
  return { scale: preflight.scale, timeScale, preflight };
}
