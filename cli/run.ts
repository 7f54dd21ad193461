/** `roomrush run`: one night on one build. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { EXIT, UsageError } from '../errors.ts';
import { ensureK6 } from '../rehearsal/k6.ts';
import { openNightMetrics } from '../rehearsal/metrics.ts';
import type { Observe } from '../rehearsal/night.ts';
import { type PreparedNight, prepareNight } from '../rehearsal/prepare.ts';
import { buildName, runNight } from '../rehearsal/run.ts';
import { makeRunFolder } from '../rehearsal/run-folder.ts';
import { parseBounds, parseTarget } from '../rehearsal/target.ts';
import { terminalTable } from '../reports/index.ts';
import { CLINIC_TOOLS, type ClinicTool } from '../reports/store/run-record.ts';
import { findScenario } from '../scenarios/index.ts';
import type { BodyShares } from '../scenarios/schema.ts';
import { endWith, stopOnInterrupt, verdictCode, whereReportIs } from './ending.ts';
import { type LiveFlags, withLive, withLiveNightOptions } from './live.ts';
import { countFrom1, type NightFlags, POLICY_HELP, port, withNightOptions } from './options.ts';
import { outputsOf, type Screen } from './outputs.ts';
import { printProgress } from './progress.ts';
import { settleSize } from './sizing.ts';

type RunFlags = NightFlags &
  LiveFlags & {
    readonly profile: string;
    readonly policy?: string;
    readonly target?: string;
    readonly allowRemote?: string;
    readonly driver: 'swarm' | 'k6';
    readonly browsers?: number;
    readonly port?: number;
    readonly metricsPort?: number;
    readonly clinic?: ClinicTool;
  };

export function runCommand(): Command {
  const command = new Command('run')
    .description('Play one night and judge it.')
    .argument('<night>', 'name of a night (roomrush scenarios list) or path to a .json or .ts file')
    .option('--profile <name>', 'how the reference server is built: clubhouse-2021 or guarded', 'guarded')
    .option('--policy <name>', POLICY_HELP)
    .addOption(
      new Option('--driver <name>', 'who plays the listeners: k6 is short for --bodies k6=1')
        .choices(['swarm', 'k6'])
        .default('swarm'),
    )
    .option('--browsers <number>', 'people more, each in a real Chromium page', countFrom1)
    .option(
      '--target <ws://...>',
      'another server that speaks the protocol, in place of the reference server',
    )
    .option(
      '--allow-remote <bounds>',
      'for a target that is not on this machine: the most it may get, as listeners=500,seconds=120',
    )
    .option('--port <number>', 'TCP port of the reference server (default: a free one)', port)
    .addOption(
      new Option(
        '--clinic <tool>',
        'profile the server over the surge; the run is marked as profiled',
      ).choices(CLINIC_TOOLS),
    )
    .option('--metrics-port <number>', 'serve what is known of the night to a Prometheus on this port', port);
  return withLiveNightOptions(withNightOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  roomrush run zuckerberg
  roomrush run zuckerberg --profile clubhouse-2021 --feature presence=batched
  roomrush run zuckerberg --driver k6 --scale 0.2
  roomrush run zuckerberg --browsers 4
  roomrush run zuckerberg --profile clubhouse-2021 --clinic flame
  roomrush run zuckerberg --port 7600 --metrics-port 9464
  roomrush run zuckerberg --live-port 8080 --live-linger 600
  roomrush run zuckerberg --target ws://127.0.0.1:4443/signal
  roomrush run zuckerberg --bodies webrtc=1 --scale 0.3 --json > summary.json
  roomrush run zuckerberg --fault cut=0.05@50s --fault kill-worker@60s
  roomrush run ./my-night.ts --seed 7`,
    )
    .action(run);
}

async function run(night: string, flags: RunFlags, command: Command): Promise<void> {
  if (flags.target !== undefined) refuseBuildFlags(command);
  const { people, verdict } = outputsOf(flags);
  const stop = stopOnInterrupt();
  const scenario = await findScenario(night);
  const request = {
    scenario,
    seed: flags.seed,
    scale: 1,
    timeScale: 1,
    profile: flags.profile,
    policy: flags.policy,
    features: flags.feature ?? [],
    bodies: flags.driver === 'k6' ? onlyK6(flags.bodies) : (flags.bodies ?? null),
    browsers: flags.browsers ?? 0,
    target: flags.target === undefined ? null : parseTarget(flags.target),
    allowRemote: flags.allowRemote === undefined ? null : parseBounds(flags.allowRemote),
    port: flags.port ?? 0,
    faults: flags.fault ?? [],
    profiler: flags.clinic ?? null,
  };
  const shares =
    request.bodies === null ? [scenario.bodies.incumbents, scenario.bodies.arrivals] : [request.bodies];
  if (shares.some(({ k6 }) => k6 > 0)) await ensureK6(stop);
  // Everything that can be refused is refused before preflight spends seconds.
  prepareNight({ ...request, scale: flags.scale ?? 1, timeScale: flags.timeScale ?? 1 });
  await withLive(flags, [flags.port, flags.metricsPort], people, stop, async (live) => {
    const size = await settleSize(scenario, flags, people, stop);
    const prepared = prepareNight({ ...request, scale: size.scale, timeScale: size.timeScale });
    const folder = makeRunFolder(
      flags.out,
      `${scenario.id}-${buildName(prepared)}-${flags.seed}`,
      new Date(),
    );
    people.write(
      `${prepared.plan.size} people, plan ${prepared.plan.digest.slice(0, 16)}, into ${folder.dir}\n`,
    );
    const printed = printProgress(people, buildName(prepared));
    const progress = live?.beside(printed) ?? printed;
    const play = (observe: Observe) => runNight(prepared, folder.dir, size.preflight, observe, stop);
    const { metricsPort } = flags;
    const summary = await (metricsPort === undefined
      ? play(progress)
      : withMetrics(prepared, metricsPort, people, (observe) => play(both(progress, observe))));
    if (flags.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    verdict.write(terminalTable([summary], verdict));
    const page = summary.run.profiler?.page ?? null;
    if (page !== null) people.write(`clinic: ${path.join(folder.dir, page)}\n`);
    people.write(whereReportIs(folder.dir));
    endWith(verdictCode(summary));
    return folder.dir;
  });
  if (stop.aborted) endWith(EXIT.interrupted);
}

/** Plays a night whose metrics can be scraped until it is measured. */
async function withMetrics<Result>(
  prepared: PreparedNight,
  metricsPort: number,
  people: Screen,
  play: (observe: Observe) => Promise<Result>,
): Promise<Result> {
  const metrics = await openNightMetrics(prepared, metricsPort);
  people.write(`metrics of the night: ${metrics.url}\n`);
  try {
    return await play(metrics.observe);
  } finally {
    metrics.close();
  }
}

function both(one: Observe, other: Observe): Observe {
  return (observation) => {
    one(observation);
    other(observation);
  };
}

/** How the reference server is built and where it listens says nothing about another one. */
function refuseBuildFlags(command: Command): void {
  const given = ['profile', 'policy', 'feature', 'port'].filter(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
  if (given.length === 0) return;
  throw new UsageError(
    'target-and-build',
    `expected --target without options of the reference server, got ${given.map((name) => `--${name}`).join(', ')} too`,
    'leave out either: another server is built and started by whoever owns it',
  );
}

function onlyK6(bodies: BodyShares | undefined): BodyShares {
  if (bodies !== undefined) {
    throw new UsageError(
      'driver-and-bodies',
      'expected --driver k6 or --bodies, got both',
      'to mix k6 with others: --bodies k6=0.5,signal=0.5',
    );
  }
  return { signal: 0, webrtc: 0, rtp: 0, k6: 1 };
}
