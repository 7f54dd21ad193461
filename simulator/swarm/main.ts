/**
 * A process of the crowd: `node simulator/swarm/main.ts <config.json>`, started by a rehearsal over Node's IPC
 * channel. It draws the plan itself, says `ready`, plays the people of its body from `start` on, tells its
 * counters each second, and says `done` at the night's end. It ends when it is told to, and when nobody is
 * there any more to tell it.
 */
import { readFileSync } from 'node:fs';
import { EXIT, listIssues, RoomrushError, UsageError } from '../../errors.ts';
import { orderSchema, type SwarmConfig, type SwarmReport, swarmConfigSchema } from './config.ts';
import { openSwarm, type Swarm } from './swarm.ts';

function readConfig(file: string | undefined): SwarmConfig {
  if (file === undefined || process.send === undefined) {
    throw new UsageError(
      'not-started-by-a-rehearsal',
      'expected the path of a configuration and an IPC channel',
      'roomrush run starts this process by itself',
    );
  }
  const parsed = swarmConfigSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    'invalid-config',
    `${file}:\n${listIssues(parsed.error.issues)}`,
    'see simulator/swarm/config.ts',
  );
}

function report(message: SwarmReport): Promise<void> {
  return new Promise((resolve) => {
    // A channel that is closed has nobody at its other end, which the disconnect below deals with.
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

async function main(): Promise<void> {
  const swarm = await openSwarm(readConfig(process.argv[2]));
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

main().catch(fail);
