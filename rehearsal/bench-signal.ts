/**
 * What a signal listener costs beside a k6 one: the same listener, on the same kind of server, one after the other. Each
 * cost is the difference of two nights of different size, so that starting k6 or a swarm is no part of it; what
 * runs in k6 is the same listener's code.
 */

import { isServer, isSwarm, playForCosts } from './bench-nights.ts';
import { allOf, type BenchContext, type BenchRow, figure } from './bench-row.ts';
import { costByDifference, type UnitCosts } from './night-costs.ts';

const SIGNAL_SIZES = [250, 2_250] as const;
/** Of both, side by side: more in so short a time would fill the core of k6, and then it is its queue that is measured. */
const K6_SIZES = [100, 1_100] as const;
const LOUD_PEOPLE = 1_000;
const KIB = 1024;

export async function benchSignal(context: BenchContext): Promise<readonly BenchRow[]> {
  const signal = await costsOf(context, 'signal', SIGNAL_SIZES);
  context.say('signal listeners, presence to everybody');
  const loud = await playForCosts(context, 'clubhouse-2021', 'signal', LOUD_PEOPLE);
  const cpuMs = (isOurs: (name: string) => boolean) =>
    loud.processes.reduce((sum, { name, cpuMs }) => sum + (isOurs(name) ? cpuMs.joining : 0), 0);
  const deliveries = Math.max(1, loud.deliveries);
  const serverUs = ((cpuMs(isServer) - signal.server.joinMs * loud.joined) * 1000) / deliveries;
  const swarmUs = ((cpuMs(isSwarm) - signal.swarm.joinMs * loud.joined) * 1000) / deliveries;
  return [
    allOf('signal: joined', signal.joined, SIGNAL_SIZES[1]),
    figure('signal: swarm, CPU ms a join', signal.swarm.joinMs, 3, { op: '<=', limit: 0.15 }),
    figure('signal: swarm, KB a listener', signal.swarm.listenerBytes / 1000, 1, { op: '<=', limit: 10 }),
    figure('signal: server, CPU ms a join', signal.server.joinMs, 3),
    figure('signal: server, KiB a listener', signal.server.listenerBytes / KIB, 1),
    figure('presence: server, CPU us a delivery', serverUs, 2),
    figure('presence: swarm, CPU us a delivery', swarmUs, 2),
    figure('presence: swarm over server', swarmUs / Math.max(0.001, serverUs), 2, {
      op: '<=',
      limit: 0.25,
    }),
    figure('presence: server, deliveries a second and core', 1e6 / Math.max(0.001, serverUs), 0),
    figure('presence: swarm, deliveries a second and core', 1e6 / Math.max(0.001, swarmUs), 0),
  ];
}

/** As its own part, so that a machine without k6 still has the others. */
export async function benchK6(context: BenchContext): Promise<readonly BenchRow[]> {
  const k6 = await costsOf(context, 'k6', K6_SIZES);
  const signal = await costsOf(context, 'signal', K6_SIZES);
  const { tool, server } = k6;
  return [
    allOf('k6: joined', k6.joined, K6_SIZES[1]),
    figure('k6: CPU ms a join, k6 alone', tool.joinMs, 2),
    figure('k6: CPU ms a join, with the process that takes its rows', k6.swarm.joinMs, 2),
    figure('k6: KiB a listener, k6 alone', tool.listenerBytes / KIB, 0),
    figure('k6: server, CPU ms a join', server.joinMs, 3),
    figure('signal beside it: swarm, CPU ms a join', signal.swarm.joinMs, 3),
    figure('signal beside it: swarm, KiB a listener', signal.swarm.listenerBytes / KIB, 1),
    figure('signal beside it: server, CPU ms a join', signal.server.joinMs, 3),
    figure('k6 over signal: CPU a join', ratio(tool.joinMs, signal.swarm.joinMs), 1, {
      op: '>=',
      limit: 3,
    }),
    figure('k6 over signal: memory a listener', ratio(tool.listenerBytes, signal.swarm.listenerBytes), 1, {
      op: '>=',
      limit: 3,
    }),
    figure(
      'k6 over signal: CPU a second in the room',
      ratio(tool.listenerSecondMs, signal.swarm.listenerSecondMs),
      1,
    ),
  ];
}

type Costs = {
  readonly joined: number;
  readonly server: UnitCosts;
  readonly swarm: UnitCosts;
  /** The program that the swarm's process runs; equal to nothing where it runs none. */
  readonly tool: UnitCosts;
};

async function costsOf(
  context: BenchContext,
  body: 'signal' | 'k6',
  [few, many]: readonly [number, number],
): Promise<Costs> {
  context.say(`${body} listeners, ${few}`);
  const small = await playForCosts(context, 'guarded', body, few);
  context.say(`${body} listeners, ${many}`);
  const large = await playForCosts(context, 'guarded', body, many);
  return {
    joined: large.joined,
    server: costByDifference(small, large, isServer),
    swarm: costByDifference(small, large, isSwarm),
    tool: costByDifference(small, large, (name) => name === `swarm-${body}-tool`),
  };
}

function ratio(one: number, other: number): number {
  return one / Math.max(1e-6, other);
}
