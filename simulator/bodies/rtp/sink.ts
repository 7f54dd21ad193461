/** The process that receives for this process's rtp listeners: rtp-sink.c, started, met and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { NotReadyError } from '../../../errors.ts';

/**
 * Each has a receive buffer of its own, of 4 MB where the system lets it and of 0.4 MB (550 packets) by default:
 * together they hold what comes in a quarter of a second at 100,000 packets a second, the longest that another
 * process keeps the core.
 */
const SOCKETS = 64;
const END_MS_MAX = 2_000;

export type Sink = {
  readonly pid: number;
  /** All on 127.0.0.1. */
  readonly ports: readonly number[];
  /** Ends the process; resolves when it has ended. */
  end(): Promise<void>;
};

/**
 * Starts a sink that counts into the meter's file; it is pinned to the core of this process, as children are.
 *
 * @param onEnded it ended, and not by end().
 * @throws NotReadyError when it does not start.
 */
export async function startSink(
  program: string,
  meterFile: string,
  onEnded: (how: string) => void,
): Promise<Sink> {
  const child = spawn(program, [meterFile, String(SOCKETS)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(String(signal ?? code)));
  });
  // What is written to a process that has just ended is nobody's loss; its end is told by exited.
  child.stdin.on('error', () => undefined);
  const line = await firstLine(child, exited);
  const ports = line?.split(' ').map(Number);
  if (ports?.length !== SOCKETS || child.pid === undefined) {
    child.kill('SIGKILL');
    throw new NotReadyError(
      'rtp-sink',
      `${program} was to print ${SOCKETS} ports, but ${line === null ? `ended (${await exited})` : `said: ${line}`}`,
      'npx roomrush doctor',
    );
  }
  let ending = false;
  void exited.then((how) => {
    if (!ending) onEnded(how);
  });
  return {
    pid: child.pid,
    ports,
    async end() {
      ending = true;
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS_MAX);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Null when the process ends before it has said anything. */
async function firstLine(child: ChildProcess, exited: Promise<string>): Promise<string | null> {
  const lines = createInterface({ input: child.stdout! });
  const said = once(lines, 'line').then(([line]) => String(line));
  return Promise.race([said, exited.then(() => null)]);
}
