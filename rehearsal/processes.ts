/**
 * The processes of a run: started on a core of their own, told what to do over Node's IPC channel, and ended by
 * their id. Each is the leader of its own process group, so that Ctrl-C in a terminal reaches only the
 * rehearsal, which then stops the others in order; each also ends by itself when its channel closes, so that
 * nothing outlives a rehearsal that was killed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import os from 'node:os';
import { EXIT, NotReadyError, RoomrushError } from '../errors.ts';

export type Part = {
  readonly name: string;
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves with the exit code, or the signal's name, whenever the process ends. */
  readonly ended: Promise<number | string>;
  hasEnded: boolean;
};

type PartOptions = {
  readonly name: string;
  /** Path of the TypeScript file to run. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly core: number | null;
  readonly env?: Readonly<Record<string, string>>;
  /** File that takes what the process prints. */
  readonly logFile: string;
  readonly onMessage: (message: unknown) => void;
};

let tasksetFound: boolean | undefined;

/** Whether processes can be pinned to cores: there are two or more, and `taskset` is there. */
function canPin(): boolean {
  tasksetFound ??= os.availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;
  return tasksetFound;
}

/** The command that runs on this core alone; as it is for null, or where nothing can be pinned. */
function pinnedTo(core: number | null, command: readonly string[]): readonly string[] {
  return core !== null && canPin() ? ['taskset', '-c', String(core), ...command] : command;
}

/** Starts one process of a run. */
export function startPart(options: PartOptions): Part {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', options.entry, ...options.args];
  const pinned = pinnedTo(options.core, command);
  const child = spawn(pinned[0]!, pinned.slice(1), {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...options.env },
  });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  // A log that cannot be written (full disk) must not end the run: the events writer says so with a row's loss.
  log.on('error', () => log.destroy());
  child.stdout!.pipe(log, { end: false });
  child.stderr!.pipe(log, { end: false });
  child.on('message', options.onMessage);
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const part: Part = { name: options.name, child, pid: child.pid ?? -1, ended, hasEnded: false };
  void ended.then(() => {
    part.hasEnded = true;
    log.end();
  });
  return part;
}

const READY_TIMEOUT_MS = 60_000;

/** A message from a process; what else it holds depends on its type. */
export type PartMessage = Readonly<Record<string, unknown>>;

/**
 * Starts a process and waits until it says `ready`.
 *
 * @param onStarted is handed the process at once, so that its owner can end it whatever happens.
 * @returns the message with which it said so.
 * @throws NotReadyError when it says `error`, or nothing for a minute; RoomrushError when it ends, or when `stop`
 *   is aborted first.
 */
export async function startReadyPart(
  options: Omit<PartOptions, 'onMessage'> & { readonly onMessage: (message: PartMessage) => void },
  stop: AbortSignal,
  onStarted: (part: Part) => void,
): Promise<PartMessage> {
  const { name, logFile } = options;
  const ready = Promise.withResolvers<PartMessage>();
  const onStop = () => ready.reject(interruption());
  if (stop.aborted) throw interruption();
  const part = startPart({
    ...options,
    onMessage: (raw) => {
      const message = raw as PartMessage;
      if (message['type'] === 'ready') ready.resolve(message);
      else if (message['type'] === 'error') {
        const hint = String(message['hint'] ?? `see ${logFile}`);
        ready.reject(new NotReadyError(String(message['code']), `${name}: ${message['message']}`, hint));
      } else options.onMessage(message);
    },
  });
  onStarted(part);
  void part.ended.then((how) =>
    ready.reject(
      new RoomrushError('part-ended', `${name} ended (${how}) before it was ready`, `see ${logFile}`),
    ),
  );
  const timeout = setTimeout(() => {
    const seconds = READY_TIMEOUT_MS / 1000;
    ready.reject(
      new NotReadyError('not-ready', `${name} was not ready within ${seconds} s`, `see ${logFile}`),
    );
  }, READY_TIMEOUT_MS);
  stop.addEventListener('abort', onStop, { once: true });
  try {
    return await ready.promise;
  } catch (error) {
    killPart(part);
    throw error;
  } finally {
    clearTimeout(timeout);
    stop.removeEventListener('abort', onStop);
  }
}

/** What is thrown when somebody stops a rehearsal before there is anything to keep. */
export function interruption(): RoomrushError {
  return new RoomrushError('interrupted', 'interrupted', 'nothing was measured', EXIT.interrupted);
}

/** Whether it is that, and somebody did: what was on is lost, and no more. */
export function isInterruption(error: unknown, stop: AbortSignal): boolean {
  return error instanceof RoomrushError && error.code === 'interrupted' && stop.aborted;
}

/** Sends a message to a process; one that has ended is not told. */
export function tell(part: Part, message: object): void {
  if (part.child.connected) part.child.send(message, () => {});
}

/**
 * Asks a process to stop and waits; after `patienceMs` its whole group is killed.
 *
 * @returns whether it stopped by itself.
 */
export async function stopPart(part: Part, patienceMs: number): Promise<boolean> {
  if (part.hasEnded) return true;
  tell(part, { type: 'stop' });
  const deadline = AbortSignal.timeout(patienceMs);
  const inTime = await Promise.race([part.ended.then(() => true), once(deadline, 'abort').then(() => false)]);
  if (!inTime) {
    killPart(part);
    await part.ended;
  }
  return inTime;
}

/** Kills a process and its children at once. */
export function killPart(part: Part): void {
  if (part.hasEnded || part.pid <= 0) return;
  try {
    process.kill(-part.pid, 'SIGKILL');
  } catch (error) {
    // It ended between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
