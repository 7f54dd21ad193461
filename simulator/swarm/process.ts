/**
 * What every process of the crowd has in common: it is started by a rehearsal over Node's IPC channel with the path
 * of a configuration, says `ready`, plays its people from `start` on, tells its counters each second, and says
 * `done` at the night's end. It ends when it is told to, and when nobody is there any more to tell it.
 */
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { EXIT, listIssues, RoomrushError, UsageError } from '../../errors.ts';
import { orderSchema, type SwarmCounters, type SwarmReport } from './config.ts';

/** A part of the crowd that can be played. */
export type Swarm = {
  /** How many people it carries out. */
  readonly people: number;
  /**
   * Plays the night from its zero on CLOCK_MONOTONIC.
   *
   * @param onSecond called each second.
   * @returns when the night is over, every signalling connection is closed and the log is whole.
   */
  play(nightStartNs: bigint, onSecond: (counters: SwarmCounters) => void): Promise<SwarmCounters>;
  /** Ends at once and says so in the log; everything is as it was when it happened. */
  interrupt(cause: string): Promise<void>;
};

/** Lives the life of such a process; never returns before its end. */
export function runSwarmProcess<Config>(
  configSchema: z.ZodType<Config>,
  open: (config: Config) => Promise<Swarm>,
): void {
  live(configSchema, open).catch(fail);
}

async function live<Config>(
  configSchema: z.ZodType<Config>,
  open: (config: Config) => Promise<Swarm>,
): Promise<void> {
  const swarm = await open(readConfig(process.argv[2], configSchema));
  process.on('message', (raw) => {
    const order = orderSchema.parse(raw);
    if (order.type === 'stop') {
      stop(swarm, 'stopped').catch(fail);
      return;
    }
    swarm
      .play(BigInt(order.nightStartNs), (counters) => void report({ type: 'tick', counters }))
      .then(async (counters) => {
        await report({ type: 'done', counters });
        // The media stack ends with the process: its own clean-up closes tracks that were freed before, and
        // crashes now and then (libdatachannel, seen in node-datachannel 0.33.4).
        process.exit(EXIT.ok);
      })
      .catch(fail);
  });
  process.once('disconnect', () => stop(swarm, 'parent-gone').catch(fail));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop(swarm, signal).catch(fail));
  }
  await report({ type: 'ready', people: swarm.people });
}

function readConfig<Config>(file: string | undefined, schema: z.ZodType<Config>): Config {
  if (file === undefined || process.send === undefined) {
    throw new UsageError(
      'not-started-by-a-rehearsal',
      'expected the path of a configuration and an IPC channel',
      'roomrush run starts this process by itself',
    );
  }
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    'invalid-config',
    `${file}:\n${listIssues(parsed.error.issues)}`,
    "see the process's config.ts",
  );
}

function report(message: SwarmReport): Promise<void> {
  return new Promise((resolve) => {
    // A channel that is closed has nobody at its other end, which the disconnect above deals with.
    if (process.connected) process.send!(message, () => resolve());
    else resolve();
  });
}

async function fail(error: unknown): Promise<never> {
  const { code, message, hint, exitCode } =
    error instanceof RoomrushError
      ? error
      : { code: 'defect', message: String(error), hint: 'a defect in roomrush', exitCode: EXIT.defect };
  console.error(error);
  await report({ type: 'error', code, message, hint });
  process.exit(exitCode);
}

async function stop(swarm: Swarm, cause: string): Promise<never> {
  await swarm.interrupt(cause);
  process.exit(EXIT.ok);
}
