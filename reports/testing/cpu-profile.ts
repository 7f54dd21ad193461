/** A test instrument: a CPU profile written by hand, from stacks and how long each was seen. */
import type { CallFrame, CpuProfile } from '../profile-schema.ts';

/** A function and its file (a path, or `node:...`); alone: native, or one of V8's states. */
type HandFrame = readonly [name: string, file?: string, line?: number];

export const HAND_ROOT = '/srv/roomrush';

/** A file of the project in the way in which V8 names a module. */
export function ours(file: string): string {
  return `file://${HAND_ROOT}/${file}`;
}

/** @param stacks outermost first, with the ms for which each was on the clock, one after the other. */
export function handProfile(stacks: readonly (readonly [ms: number, ...stack: HandFrame[]])[]): CpuProfile {
  const nodes: CpuProfile['nodes'] = [];
  const add = (callFrame: CallFrame) => {
    nodes.push({ id: nodes.length + 1, callFrame, hitCount: 0, children: [] });
    return nodes.at(-1)!;
  };
  const root = add({ functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 });
  const samples: number[] = [];
  for (const [, ...stack] of stacks) {
    let node = root;
    for (const [functionName, url = '', line = 0] of stack) {
      const known = node.children
        .map((id) => nodes[id - 1]!)
        .find(({ callFrame }) => callFrame.functionName === functionName && callFrame.url === url);
      const next = known ?? add({ functionName, url, lineNumber: line - 1, columnNumber: 4 });
      if (known === undefined) node.children.push(next.id);
      node = next;
    }
    node.hitCount += 1;
    samples.push(node.id);
  }
  const us = stacks.map(([ms]) => ms * 1000);
  const startTime = 5_000_000;
  return {
    nodes,
    startTime,
    endTime: startTime + us.reduce((sum, one) => sum + one, 0),
    samples,
    // The first sample is taken at once; each other one when the one before it has had its time.
    timeDeltas: [0, ...us.slice(0, -1)],
  };
}
