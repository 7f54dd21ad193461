/** The live page of a command: its options, and its address, which is said before anything else. */
import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_LIVE_PORT } from '../dashboards/live/stream.ts';
import { UsageError } from '../errors.ts';
import { type Live, openLive } from '../rehearsal/live.ts';
import { port } from './options.ts';
import type { Screen } from './outputs.ts';

export type LiveFlags = {
  readonly live: boolean;
  readonly livePort?: number;
  /** Seconds. */
  readonly liveLinger?: number;
};

const LINGER_S_MAX = 86_400;

/** Adds the options of a page that is served as long as the command runs. */
export function withLiveOptions(command: Command): Command {
  return command
    .option(
      '--live-port <number>',
      `port of the live page (default: ${DEFAULT_LIVE_PORT} or the next free one)`,
      port,
    )
    .option('--no-live', 'serve no live page');
}

/** Adds those options, and how long the page stays after the end. */
export function withLiveNightOptions(command: Command): Command {
  return withLiveOptions(command).option(
    '--live-linger <seconds>',
    'when all is over, keep the live page so long, with the report under /report/ (default: 0)',
    seconds,
  );
}

/**
 * Does some work beside its live page.
 *
 * @param avoid ports that the work needs itself.
 * @param work is handed the page (null: there is none) and returns the folder of its report (null: none was written).
 */
export async function withLive(
  flags: LiveFlags,
  avoid: readonly (number | undefined)[],
  people: Pick<Screen, 'write'>,
  stop: AbortSignal,
  work: (live: Live | null) => Promise<string | null>,
): Promise<void> {
  if (!flags.live) {
    refuseLiveFlags(flags);
    await work(null);
    return;
  }
  const live = await openLive({
    port: flags.livePort ?? null,
    avoid: avoid.filter((one) => one !== undefined),
  });
  people.write(`live: ${live.url}\n`);
  let reportDir: string | null = null;
  let lingerMs = 0;
  try {
    reportDir = await work(live);
    lingerMs = 1000 * (flags.liveLinger ?? 0);
    if (lingerMs > 0) people.write(`live page and report for ${flags.liveLinger} s more: ${live.url}\n`);
  } finally {
    await live.end(reportDir, lingerMs, stop);
  }
}

function refuseLiveFlags({ livePort, liveLinger }: LiveFlags): void {
  if (livePort === undefined && liveLinger === undefined) return;
  throw new UsageError(
    'live-and-no-live',
    `expected --no-live alone, got ${livePort === undefined ? '--live-linger' : '--live-port'} too`,
    'leave out either',
  );
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= LINGER_S_MAX)) {
    throw new InvalidArgumentError(`Expected seconds from 0 to ${LINGER_S_MAX}.`);
  }
  return value;
}
