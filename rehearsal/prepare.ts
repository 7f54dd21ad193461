/** Everything that can be known and refused before a run starts: the night at its size, the crowd, the build. */
import { readFileSync } from 'node:fs';
import { NotReadyError, UsageError } from '../errors.ts';
import { checkObjectives } from '../reports/index.ts';
import { type BodyShares, nightTimes, type Scenario } from '../scenarios/schema.ts';
import { readSetup, type Setup } from '../setup/paths.ts';
import { type AssignedBodies, assignBodies, type BodyName } from '../simulator/plan/bodies.ts';
import { drawPlan, type Plan } from '../simulator/plan/plan.ts';
import { scaleScenario, type TimeScaling } from '../simulator/plan/scale.ts';
import { checkPolicies, resolveBuild, type ServerBuild } from './build.ts';
import { type Fault, parseFault } from './faults.ts';
import { checkTarget, type TargetBounds } from './target.ts';

/** What the user asked for, as the command line has it. */
export type NightRequest = {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly scale: number;
  readonly timeScale: number;
  readonly profile: string;
  readonly policy?: string | undefined;
  readonly features: readonly string[];
  readonly bodies: BodyShares | null;
  /** People more, each in a real browser. */
  readonly browsers?: number;
  readonly target: string | null;
  /** What the user allows towards a target that is not on this machine. */
  readonly allowRemote?: TargetBounds | null;
  readonly port: number;
  /** UDP port of the first media worker; absent: a free one. */
  readonly rtcPort?: number;
  readonly faults: readonly string[];
};

export type PreparedNight = {
  /** At its size: scale and time-scale applied. */
  readonly scenario: Scenario;
  readonly seed: number;
  readonly scale: number;
  readonly timeScale: number;
  readonly times: TimeScaling;
  readonly build: ServerBuild;
  readonly bodies: Scenario['bodies'];
  readonly plan: Plan;
  readonly assigned: AssignedBodies;
  /** Bodies that carry somebody out: each is a process. */
  readonly swarms: readonly BodyName[];
  readonly needsMedia: boolean;
  readonly target: string | null;
  readonly port: number;
  /** 0: a free one. */
  readonly rtcPort: number;
  readonly faults: readonly Fault[];
  readonly setup: Setup;
  /** For tests: another program than the reference server, started and told as it is. */
  readonly serverEntry?: string;
  /** For the bench: the crowd may run on every core, beside the server. */
  readonly unpinned?: boolean;
};

/** Open files that a process needs beside one or two for each listener. */
const FILES_BESIDE = 200;
const BROWSERS_MAX = 64;

/**
 * Resolves a request and checks it whole: names, objectives, body shares, faults, open files.
 *
 * @throws UsageError or NotReadyError with what to do.
 */
export function prepareNight(request: NightRequest): PreparedNight {
  const build = resolveBuild(request.profile, request.policy, request.features, request.scenario.policies);
  const faults = request.faults.map(parseFault);
  if (request.target !== null && faults.some((fault) => fault.kind !== 'cut')) {
    throw new UsageError(
      'fault-needs-server',
      'a fault in the server was asked for, but the target is not ours',
      'leave out --target, or use --fault cut',
    );
  }
  const acting = request.scenario.moments.find((moment) => moment.action !== null);
  if (request.target !== null && acting !== undefined) {
    throw new UsageError(
      'moment-needs-server',
      `the moment '${acting.id}' of this night does ${acting.action} in the server, but the target is not ours`,
      'leave out --target, or take that action from the night',
    );
  }
  const { scenario, times } = scaleScenario(request.scenario, request.scale, request.timeScale);
  checkObjectives(scenario);
  checkPolicies(scenario);
  const bodies =
    request.bodies === null ? scenario.bodies : { incumbents: request.bodies, arrivals: request.bodies };
  const plan = drawPlan(scenario, request.seed, request.browsers ?? 0);
  const assigned = assignBodies(plan, bodies);
  const { counts } = assigned;
  const swarms = (Object.keys(counts) as BodyName[]).filter((body) => counts[body] > 0);
  checkTarget(request.target, request.allowRemote ?? null, {
    people: plan.size,
    nightMs: nightTimes(scenario).nightEndMs,
    rtpPeople: counts.rtp,
  });
  checkOpenFiles(Math.max(2 * counts.webrtc, plan.size));
  const setup = readSetup();
  if (counts.rtp > 0 && setup.rtpSink === null) {
    throw new NotReadyError(
      'no-rtp-sink',
      `${counts.rtp} listeners of this night have the body rtp, whose sink could not be compiled here`,
      'npx roomrush doctor, which says what is missing; or --bodies without rtp',
    );
  }
  checkBrowsers(counts.browser, setup);
  if (counts.k6 > 0) checkK6(counts.k6, setup.k6, faults);
  return {
    scenario,
    seed: request.seed,
    scale: request.scale,
    timeScale: request.timeScale,
    times,
    build,
    bodies,
    plan,
    assigned,
    swarms,
    needsMedia: counts.webrtc + counts.rtp + counts.browser > 0,
    target: request.target,
    port: request.port,
    rtcPort: request.rtcPort ?? 0,
    faults,
    setup,
  };
}

/**
 * Real pages are heavy, and there is one Chromium to run them.
 *
 * @throws UsageError when there are too many; NotReadyError when there is none.
 */
export function checkBrowsers(browsers: number, { chromium }: Setup): void {
  if (browsers > BROWSERS_MAX) {
    throw new UsageError(
      'too-many-browsers',
      `expected at most ${BROWSERS_MAX} browsers, got ${browsers}`,
      `each takes some 100 MB and a share of the crowd's core: --bodies webrtc=1 has real audio for thousands`,
    );
  }
  if (browsers > 0 && chromium === null) {
    throw new NotReadyError(
      'no-chromium',
      `${browsers} people of this night are real browsers, and no Chromium was found here`,
      'node setup/bootstrap.js test, which installs one; or ROOMRUSH_CHROMIUM=/path/to/chromium before it',
    );
  }
}

/** k6 must be there, and it has no way to cut a connection off without a word. */
function checkK6(people: number, k6: string | null, faults: readonly Fault[]): void {
  if (faults.some(({ kind }) => kind === 'cut')) {
    throw new UsageError(
      'cut-without-reset',
      `${people} listeners of this night are carried out by k6, which ends every connection with a closing handshake: it cannot cut one off`,
      'leave out --fault cut, or give those people another body',
    );
  }
  if (k6 === null) {
    throw new NotReadyError(
      'no-k6',
      `${people} listeners of this night have the body k6, and no k6 was found`,
      'node setup/bootstrap.js k6, which finds, downloads or builds it; or --bodies without k6',
    );
  }
}

/**
 * Says before the start when a process may not open as many files as the crowd needs. Node raises its soft
 * limit to the hard one by itself, so the hard limit is what counts.
 */
function checkOpenFiles(listeners: number): void {
  if (process.platform !== 'linux') return;
  const line = readFileSync('/proc/self/limits', 'utf8').match(/^Max open files\s+(\S+)\s+(\S+)/m);
  const hard = line?.[2] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line?.[2]);
  const needed = listeners + FILES_BESIDE;
  if (hard < needed) {
    throw new NotReadyError(
      'open-files',
      `this night needs ${needed} open files a process, and the limit here is ${hard}`,
      `ulimit -Hn ${needed} (as root; permanently in /etc/security/limits.conf), or a smaller --scale`,
    );
  }
}
