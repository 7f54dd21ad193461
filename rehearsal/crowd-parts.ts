/** How each process of the crowd is started: which program, told what, in which environment. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nightTimes, type Scenario } from '../scenarios/schema.ts';
import { createMeterFile, meterEnvironment } from '../simulator/bodies/meter/meter.ts';
import type { BodyName } from '../simulator/plan/bodies.ts';
import type { PreparedNight } from './prepare.ts';
import type { Watched } from './watch/cpu-meter.ts';
import { readDescendants } from './watch/proc.ts';

const ENTRIES: Readonly<Record<BodyName, string>> = {
  signal: entry('swarm/main.ts'),
  webrtc: entry('swarm/main.ts'),
  rtp: entry('swarm/main.ts'),
  k6: entry('bodies/k6/main.ts'),
  browser: entry('bodies/browser/main.ts'),
};

/** What the programs that a process of the crowd starts are called in the log. */
const CHILDREN: Readonly<Record<BodyName, string>> = {
  signal: 'child',
  webrtc: 'child',
  rtp: 'sink',
  k6: 'tool',
  browser: 'chromium',
};

type CrowdPart = {
  readonly name: string;
  readonly entry: string;
  readonly config: object;
  readonly env: Readonly<Record<string, string>>;
};

export function processNameOf(body: BodyName): string {
  return `swarm-${body}`;
}

/** @param target where the server listens. */
export function crowdPartOf(
  body: BodyName,
  prepared: PreparedNight,
  runDir: string,
  target: string,
): CrowdPart {
  const { scenario, seed, plan, bodies } = prepared;
  const name = processNameOf(body);
  const common = {
    runDir,
    processName: name,
    scenario,
    seed,
    browsers: plan.browserCount,
    planDigest: plan.digest,
    bodies,
    target,
  };
  const { config, env } = own(body, prepared, runDir);
  return { name, entry: ENTRIES[body], config: { ...common, ...config }, env };
}

/** What a body's process is told beyond that. */
function own(
  body: BodyName,
  { setup, faults, scenario }: PreparedNight,
  runDir: string,
): { config: object; env: Readonly<Record<string, string>> } {
  switch (body) {
    case 'k6':
      return { config: { k6: setup.k6 }, env: {} };
    case 'browser':
      return { config: { chromium: setup.chromium, screens: screensOf(scenario) }, env: {} };
    default: {
      const counter = { signal: null, webrtc: setup.packetMeter, rtp: setup.rtpSink }[body];
      const meterFile = counter === null ? null : path.resolve(runDir, `packets-${body}.bin`);
      if (meterFile !== null) createMeterFile(meterFile);
      const cuts = faults.flatMap((fault) =>
        fault.kind === 'cut' ? [{ atMs: fault.atMs, share: fault.share }] : [],
      );
      return {
        config: {
          body,
          meterFile,
          rtpSink: body === 'rtp' ? setup.rtpSink : null,
          nap: body !== 'webrtc',
          cuts,
        },
        // The library counts inside the process; a sink is one of its own.
        env:
          body === 'webrtc' && meterFile !== null && counter !== null
            ? meterEnvironment(counter, meterFile)
            : {},
      };
    }
  }
}

/** After a moment it takes a while until there is something to be seen of it. */
const SCREEN_AFTER_MS = 3_000;

/** When pictures are taken of two browsers: in the surge, after each moment, and before the talk ends. */
function screensOf(scenario: Scenario): { atMs: number; moment: string }[] {
  const { surgeStartMs, tailEndMs } = nightTimes(scenario);
  return [
    { atMs: surgeStartMs + SCREEN_AFTER_MS, moment: 'surge' },
    ...scenario.moments
      .filter(({ afterSurgeStartMs }) => afterSurgeStartMs > 0)
      .map(({ id, afterSurgeStartMs }) => ({
        atMs: surgeStartMs + afterSurgeStartMs + SCREEN_AFTER_MS,
        moment: id,
      })),
    { atMs: Math.max(0, tailEndMs - 500), moment: 'end' },
  ].filter(({ atMs }) => atMs < tailEndMs);
}

/** A process of the crowd, and those that work for it. */
export function withChildren(body: BodyName, pid: number): Watched[] {
  const name = processNameOf(body);
  return [
    { name, pid, isExact: true },
    ...readDescendants(pid).map((child) => ({ name: `${name}-${CHILDREN[body]}`, pid: child })),
  ];
}

function entry(file: string): string {
  return fileURLToPath(new URL(`../simulator/${file}`, import.meta.url));
}
