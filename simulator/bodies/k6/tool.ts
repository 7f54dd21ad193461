/**
 * The k6 program as a child of this process: started so that it ends with it, whatever happens to it, and stopped in
 * order so that it writes out its samples.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../../scenarios/k6/surge.ts', import.meta.url));
/** k6 writes its samples out and ends; the one who stops this process waits ten seconds. */
const STOP_PATIENCE_MS = 5_000;
const LOG_LINES = 12;

type ToolOptions = {
  readonly k6: string;
  readonly nightFile: string;
  /** Where k6 writes its samples. */
  readonly samplesFile: string;
  readonly logFile: string;
  readonly controlUrl: string;
};

export class K6Tool {
  /** Resolves with the exit code, or the signal's name, when it has ended. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  #hasEnded = false;

  constructor({ k6, nightFile, samplesFile, logFile, controlUrl }: ToolOptions) {
    this.#logFile = logFile;
    const command = [
      ...tetherTo(process.platform),
      k6,
      'run',
      '--quiet',
      '--no-color',
      // Two runs at once would fight for the port of k6's own HTTP interface.
      '--address=',
      `--out=json=${samplesFile}`,
      `--env=NIGHT=${nightFile}`,
      `--env=CONTROL=${controlUrl}`,
      // The rehearsal has checked where the night may go.
      '--env=ALLOW_REMOTE=yes',
      // The crowd has one core, on which more virtual users would only take turns.
      '--env=USERS=1',
      SCRIPT,
    ];
    const log = openSync(logFile, 'a');
    // In this process's group: whoever kills the group ends k6 too.
    this.#child = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', log, log],
      env: cleanEnvironment(),
    });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    void this.ended.then(() => {
      this.#hasEnded = true;
    });
  }

  /** Has it write out what it has and end; kills it when it does not. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.kill('SIGINT');
    const patience = new AbortController();
    const late = delay(STOP_PATIENCE_MS, 'late', { signal: patience.signal }).catch(() => 'ended');
    if ((await Promise.race([this.ended, late])) === 'late') this.#child.kill('SIGKILL');
    patience.abort();
    await this.ended;
  }

  /** The end of what it printed, for a message. */
  lastWords(): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
  }
}

/**
 * Where the kernel can, k6 gets SIGKILL when this process dies, also when it is killed. Elsewhere the script notices
 * within a second that nobody takes its counters.
 */
function tetherTo(platform: NodeJS.Platform): string[] {
  const tether = ['setpriv', '--pdeathsig', 'KILL'];
  return platform === 'linux' && spawnSync(tether[0]!, [...tether.slice(1), 'true']).status === 0
    ? tether
    : [];
}

/** A user's own K6_... variables would change the night (K6_VUS, K6_DURATION, K6_OUT, ...). */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('K6_'));
  return { ...Object.fromEntries(own), K6_NO_USAGE_REPORT: 'true' };
}
