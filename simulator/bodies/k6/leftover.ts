/**
 * Samples that nobody has turned into the log: the process that started k6 was killed together with it. Whoever
 * measures the run's folder later does so then, with the clocks as they were paired when the night began.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { openEventWriter } from '../../../events/writer.ts';
import type { ClockPair } from './clock.ts';
import { convertSamples } from './samples.ts';

const clockSchema = z.strictObject({
  offsetNs: z.string().regex(/^-?\d+$/),
  errorNs: z.string().regex(/^\d+$/),
});

/** Where k6 writes its samples. */
export function samplesFileIn(runDir: string): string {
  return path.resolve(runDir, 'k6-samples.json');
}

function clockFileIn(runDir: string): string {
  return path.resolve(runDir, 'k6-clock.json');
}

/** Keeps the pair of clocks for as long as there are samples that need it. */
export function keepClock(runDir: string, { offsetNs, errorNs }: ClockPair): void {
  writeFileSync(
    clockFileIn(runDir),
    `${JSON.stringify({ offsetNs: `${offsetNs}`, errorNs: `${errorNs}` })}\n`,
  );
}

/** Every row of the samples is in the log now, and they are many times as large. */
export function dropSamples(runDir: string): void {
  rmSync(samplesFileIn(runDir), { force: true });
  rmSync(clockFileIn(runDir), { force: true });
}

/**
 * Turns what a killed k6 left in a run's folder into the log; does nothing where nothing was left.
 *
 * @returns how many rows were found.
 */
export async function convertLeftover(runDir: string): Promise<number> {
  if (!existsSync(samplesFileIn(runDir)) || !existsSync(clockFileIn(runDir))) return 0;
  const { offsetNs, errorNs } = clockSchema.parse(JSON.parse(readFileSync(clockFileIn(runDir), 'utf8')));
  const clock = { offsetNs: BigInt(offsetNs), errorNs: BigInt(errorNs) };
  // A name of its own: the process that was killed has segments of its name already.
  const log = openEventWriter({
    dir: path.join(runDir, 'events'),
    process: 'swarm-k6-left',
    side: 'listener',
  });
  const { rows } = await convertSamples(samplesFileIn(runDir), clock, null, log);
  await log.close();
  dropSamples(runDir);
  return rows;
}
