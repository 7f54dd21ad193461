/** What a decision costs, by how many wait: a policy must not get slower than the logarithm of its queue. */
import { createAdmission } from '../server/admission/composition.ts';
import { priorityParameters } from '../server/admission/priority.ts';
import { type BenchRow, figure } from './bench-row.ts';

const WAITERS = [1_000, 10_000, 100_000] as const;
const DECISIONS = 40_000;

/** CPU microseconds a decision for each length of the queue, and how much it grows from the shortest to the longest. */
export function benchAdmission(): readonly BenchRow[] {
  return ['waiting-room', 'priority'].flatMap((policy) => {
    const costs = WAITERS.map((waiters) => decisionUs(policy === 'priority', waiters));
    const growth = costs.at(-1)! / costs[0]!;
    return [
      ...costs.map((us, nth) => figure(`${policy}: CPU us a decision, ${WAITERS[nth]} waiting`, us, 2)),
      figure(`${policy}: growth for 100 times as many (log2 n: 1.67)`, growth, 2, { op: '<=', limit: 1.67 }),
    ];
  });
}

/**
 * People leave and are lost in the middle of the queue, come back to their places and join its end; one step in
 * four each, as a crowd would make of it.
 */
function decisionUs(withPriority: boolean, waiters: number): number {
  const admission = createAdmission(
    {
      priority: withPriority ? priorityParameters.parse({}) : null,
      cap: { kind: 'exact', seats: 1 },
      queue: { ticketLifeMs: 30_000, positionsEveryMs: 1e12, peopleMax: 2 * WAITERS.at(-1)! },
      pacing: null,
      adaptive: null,
      hold: null,
      overflow: null,
    },
    'main',
  );
  const draw = () => 0.5;
  const step = (event: Parameters<typeof admission.step>[0], nowMs: number) =>
    admission.step(event, nowMs, draw);
  const none = { kind: 'none' } as const;
  for (let personId = 0; personId <= waiters; personId++) step({ type: 'asked', personId, claim: none }, 0);
  const before = process.cpuUsage();
  for (let nth = 0; nth < DECISIONS / 4; nth++) {
    const leaver = nth < waiters / 2 ? 1 + nth : waiters + nth - Math.floor(waiters / 2);
    const lost = leaver + Math.floor(waiters / 4);
    step({ type: 'left', personId: leaver }, nth);
    step({ type: 'vanished', personId: lost }, nth);
    step({ type: 'asked', personId: lost, claim: { kind: 'place', sequence: lost } }, nth);
    step({ type: 'asked', personId: waiters + 1 + nth, claim: none }, nth);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / DECISIONS;
}
