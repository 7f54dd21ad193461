/**
 * What gave in at the knee? By the failing probes' own figures: open files, memory, the core that server and media worker
 * share, stalls, the queue of new connections. Where none of them was scarce the admission kept people waiting by itself.
 */
import { format } from '../render/format.ts';
import type { CapacityLimit, CapacityProbe } from './schema.ts';

/** Server and media worker have one core. */
const CORE_SHARE_MIN = 0.9;
const STALL_MS_MAX = 500;
const MEMORY_SHARE_MIN = 0.9;

type Failing = Pick<CapacityProbe, 'failed' | 'evidence'>;

/**
 * Names the resource that limits. Shares are means over the probes, all else is the worst of them.
 *
 * @param probes those that failed at the smallest failing scale; at least one.
 */
export function limitOf(probes: readonly Failing[]): CapacityLimit {
  const mean = (of: (evidence: CapacityProbe['evidence']) => number) =>
    probes.reduce((sum, { evidence }) => sum + of(evidence), 0) / probes.length;
  const worst = (of: (evidence: CapacityProbe['evidence']) => number) =>
    Math.max(...probes.map(({ evidence }) => of(evidence)));
  const evidence: CapacityProbe['evidence'] = {
    serverShare: mean((one) => one.serverShare),
    workerShare: mean((one) => one.workerShare),
    swarmShare: mean((one) => one.swarmShare),
    stallMsMax: worst((one) => one.stallMsMax),
    rssBytesMax: worst((one) => one.rssBytesMax),
    memoryBytes: worst((one) => one.memoryBytes),
    listenOverflows: worst((one) => one.listenOverflows),
    openFileErrors: worst((one) => one.openFileErrors),
    serverEnded: probes.some((one) => one.evidence.serverEnded),
  };
  const objectives = [...new Set(probes.flatMap(({ failed }) => failed.map(({ id }) => id)))];
  const { resource, sentence } = judge(evidence, objectives);
  return { resource, sentence, objectives, evidence };
}

function judge(
  evidence: CapacityProbe['evidence'],
  objectives: readonly string[],
): Pick<CapacityLimit, 'resource' | 'sentence'> {
  const { serverShare, workerShare, stallMsMax, rssBytesMax, memoryBytes } = evidence;
  const core = serverShare + workerShare;
  const shares = `server ${percent(serverShare)}, media worker ${percent(workerShare)} of their core`;
  const memory = `${format(rssBytesMax, 'bytes')} of ${format(memoryBytes, 'bytes')}`;
  if (evidence.openFileErrors > 0) {
    return {
      resource: 'sockets',
      sentence: `open files: the server met EMFILE (${evidence.openFileErrors} times)`,
    };
  }
  if (rssBytesMax >= MEMORY_SHARE_MIN * memoryBytes) {
    return { resource: 'memory', sentence: `memory: server and media worker had ${memory}` };
  }
  if (evidence.serverEnded) {
    return { resource: 'server-ended', sentence: `the server's process ended (with ${memory}; ${shares})` };
  }
  if (core >= CORE_SHARE_MIN) {
    return workerShare > serverShare
      ? { resource: 'worker', sentence: `CPU of the media worker: ${shares} in its busiest seconds` }
      : { resource: 'event-loop', sentence: `the server's event loop: ${shares} in its busiest seconds` };
  }
  if (stallMsMax > STALL_MS_MAX) {
    return {
      resource: 'event-loop',
      sentence: `the server's event loop stood still for ${format(stallMsMax, 'ms')}; ${shares}`,
    };
  }
  if (evidence.listenOverflows > 0) {
    return {
      resource: 'sockets',
      sentence: `the queue of new connections: ${evidence.listenOverflows} turned away by the kernel; ${shares}`,
    };
  }
  return {
    resource: 'pace',
    sentence: `the admission's own pace or rules: ${objectives.join(', ')} failed while the server's core was ${percent(core)} busy`,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
