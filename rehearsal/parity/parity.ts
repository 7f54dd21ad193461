/**
 * Parity: is a synthetic listener like a real one? The same plan is played by each driver in turn, several times, in an
 * order that rotates, so that a machine that warms up or gets busy does so for all of them.
 */
import { RoomrushError } from '../../errors.ts';
import type { Scenario } from '../../scenarios/schema.ts';
import { interruption } from '../processes.ts';
import { type Driver, freeUdpPort, type ParityNight, playParityNight, prepareParityNight } from './night.ts';
import { compileTap } from './tap.ts';

export type ParityOptions = {
  readonly base: Scenario;
  readonly drivers: readonly Driver[];
  readonly people: number;
  readonly rounds: number;
  readonly seed: number;
  /** Where the compiled tap is kept. */
  readonly cacheDir: string;
  readonly stop: AbortSignal;
  /** Says what is being done. */
  readonly say: (text: string) => void;
};

export type Parity = {
  readonly people: number;
  readonly rounds: number;
  readonly seed: number;
  /** SHA-256 of the crowd that every driver had. */
  readonly planDigest: string;
  /** A night a round, in the order of the rounds; of those drivers that could be played. */
  readonly nights: ReadonlyMap<Driver, readonly ParityNight[]>;
  readonly leftOut: readonly { readonly driver: Driver; readonly failure: RoomrushError }[];
};

/**
 * Plays every driver in every round. A driver that cannot be played, or whose night breaks off, is left out from then
 * on, with the reason.
 *
 * @throws RoomrushError when somebody stops it, or when drivers had different crowds.
 */
export async function playParity(options: ParityOptions): Promise<Parity> {
  const { base, drivers, people, rounds, seed, cacheDir, stop, say } = options;
  const tap = compileTap(cacheDir);
  if ('why' in tap) say(`packets: ${tap.why}`);
  const nights = new Map<Driver, ParityNight[]>();
  const leftOut: { driver: Driver; failure: RoomrushError }[] = [];
  const digests = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const driver of rotated(drivers, round)) {
      if (leftOut.some((one) => one.driver === driver)) continue;
      if (stop.aborted) throw interruption();
      say(`round ${round + 1} of ${rounds}: ${driver}`);
      try {
        const prepared = prepareParityNight(base, driver, people, seed, await freeUdpPort());
        digests.add(prepared.plan.digest);
        const night = await playParityNight(prepared, driver, tap, stop);
        nights.set(driver, [...(nights.get(driver) ?? []), night]);
      } catch (error) {
        if (stop.aborted || !(error instanceof RoomrushError)) throw error;
        say(`${driver} is left out: ${error.message}`);
        leftOut.push({ driver, failure: error });
      }
    }
  }
  if (digests.size > 1)
    throw new RoomrushError(
      'parity-plans-differ',
      `expected one crowd for every driver, drew ${digests.size}`,
      'a defect in roomrush',
    );
  return { people, rounds, seed, planDigest: [...digests][0] ?? '', nights, leftOut };
}

/** Each round begins with the next driver. */
function rotated(drivers: readonly Driver[], round: number): readonly Driver[] {
  const first = round % Math.max(1, drivers.length);
  return [...drivers.slice(first), ...drivers.slice(0, first)];
}
