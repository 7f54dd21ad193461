/** Runs of a gate whose truth is known, for the tests of its judgement. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { GateFigures } from '../figures.ts';
import type { GateContext } from '../gate-file.ts';
import type { GatePair } from '../schema.ts';

export type Truth = {
  /** Candidate over base of the server's CPU. */
  readonly ratio: number;
  /** Scatter of the log of each run's CPU. */
  readonly scatter: number;
  /** Share of the candidate's runs with a leaked seat. */
  readonly leaks: number;
};

/** A normal draw by Box and Muller (1958). */
export function normalFrom(seed: number): { readonly normal: () => number; readonly uniform: () => number } {
  const generator = xoroshiro128plus(seed);
  const uniform = () => ((generator.next() >>> 0) + 0.5) / 0x1_0000_0000;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { normal, uniform };
}

export function figures(
  seed: number,
  changes: Partial<GateFigures> & { readonly cpuMs?: number } = {},
): GateFigures {
  const { cpuMs = 2, ...others } = changes;
  return {
    seed,
    planDigest: `crowd ${seed}`,
    startedAt: '2021-02-04T22:00:00.000Z',
    joined: 600,
    costs: { serverCpuMsPerJoin: cpuMs, workerCpuMsPerJoin: 1, bytesPerJoin: 9_000, messagesPerJoin: 60 },
    yardstickMs: null,
    events: { ejections: 0, stranded: 0, neverIn: 0, 'seats-leaked': 0 },
    wallClock: { joinP50Ms: 300, joinP99Ms: 2_000, stallMsMax: 20 },
    voidReasons: [],
    ...others,
  };
}

/** Pairs in which both runs of one suffer the same slow minute, which pairing must take out. */
export function drawPairs(seed: number, count: number, { ratio, scatter, leaks }: Truth): GatePair[] {
  const { normal, uniform } = normalFrom(seed);
  return Array.from({ length: count }, (_, nth): GatePair => {
    const minute = 0.1 * normal();
    const run = (of: number) => 2 * of * Math.exp(minute + scatter * normal());
    const leaked = uniform() < leaks ? 3 : 0;
    return {
      first: nth % 2 === 0 ? 'base' : 'candidate',
      base: figures(nth, { cpuMs: run(1) }),
      candidate: figures(nth, {
        cpuMs: run(ratio),
        events: { ejections: 0, stranded: 0, neverIn: 0, 'seats-leaked': leaked },
      }),
    };
  });
}

export const CONTEXT: GateContext = {
  night: 'zuckerberg',
  startedAt: '2021-02-04T22:00:00.000Z',
  base: { kind: 'git-ref', name: 'HEAD~1', commit: 'abc1234', dirty: false },
  candidate: { kind: 'this-tree', name: 'main', commit: 'def5678', dirty: true },
  machine: {
    platform: 'linux',
    arch: 'x64',
    cpuModel: 'A CPU',
    cores: 2,
    kernel: '6.1',
    node: '24.21.0',
    workerBuild: '3.27.1, built',
    roomrush: '0.1.0',
  },
  notes: [],
};
