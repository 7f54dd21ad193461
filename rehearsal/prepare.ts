/** Everything that can be known and refused before a run starts: the night at its size, the crowd, the build. */
import { UsageError } from '../errors.ts';
import { checkObjectives } from '../reports/index.ts';
import type { ClinicTool } from '../reports/store/run-record.ts';
import { type BodyShares, nightTimes, type Scenario } from '../scenarios/schema.ts';
import type { ServerConfig } from '../server/config.ts';
import { readSetup, type Setup } from '../setup/paths.ts';
import { type AssignedBodies, assignBodies, type BodyName } from '../simulator/plan/bodies.ts';
import { drawPlan, type Plan } from '../simulator/plan/plan.ts';
import { scaleScenario, type TimeScaling } from '../simulator/plan/scale.ts';
import { checkPolicies, resolveBuild, type ServerBuild } from './build.ts';
import { checkProfiler } from './clinic/server-profile.ts';
import { type Fault, parseFault } from './faults.ts';
import { checkReady } from './readiness.ts';
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
  /** The tool of clinic that the server is profiled with over the surge. */
  readonly profiler?: ClinicTool | null;
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
  /** The server is profiled with it over the surge; null: it is not. */
  readonly profiler: ClinicTool | null;
  /** Another program than this tree's server, started and told as it is: the gate's base, or one of the tests. */
  readonly serverEntry?: string;
  /** What that program is told in place of the configuration, where it knows another one. */
  readonly serverConfig?: (config: ServerConfig) => object;
  readonly serverEnv?: Readonly<Record<string, string>>;
  /** The process of a target that was started for this night: it and what it starts are watched as a server is. */
  readonly targetPid?: number;
  /** The speed of the server's core is measured beside it. */
  readonly yardstick?: boolean;
  /** For the bench: the crowd may run on every core, beside the server. */
  readonly unpinned?: boolean;
};

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
  const profiler = request.profiler ?? null;
  if (profiler !== null) checkProfiler(profiler, request.target);
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
  const setup = readSetup();
  checkReady(plan.size, counts, faults, setup);
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
    profiler,
  };
}
