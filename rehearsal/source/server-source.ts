/**
 * Where a server comes from that a gate or a search plays against: this tree, another commit of it, or a command. Whichever
 * it is, it meets this tree's crowd, and is started anew for each run.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { GateSide } from '../../reports/gate/schema.ts';
import type { Summary } from '../../reports/summary.ts';
import { type Observe, SERVER_CORE } from '../night.ts';
import type { PreparedNight } from '../prepare.ts';
import { startReadyPart, stopPart } from '../processes.ts';
import { runNight } from '../run.ts';

/** A server for one run. */
export type OpenedServer = {
  /** Where it listens; null: the night starts it. */
  readonly target: string | null;
  /** What it changes in the night that is prepared. */
  readonly night: Partial<Pick<PreparedNight, 'serverEntry' | 'serverConfig' | 'serverEnv' | 'targetPid'>>;
  /** Features of the build that are switched alone, as `name=value`. */
  readonly features: readonly string[];
  close(): Promise<void>;
};

export type ServerSource = {
  readonly side: GateSide;
  /** What limits the comparison, in words. */
  readonly notes: readonly string[];
  /** @param runDir takes what the server prints. */
  open(runDir: string, stop: AbortSignal): Promise<OpenedServer>;
  /** Takes away what was set up for it. */
  close(): Promise<void>;
};

const nothingToClose = async (): Promise<void> => {};

/** The server of this tree, as every other command starts it. */
export const openOwn: ServerSource['open'] = async () => ({
  ...{ target: null, night: {}, features: [] },
  close: nothingToClose,
});

/**
 * Plays a night into `runDir`, which is there, against a server that is opened for it and closed after it.
 *
 * @param prepare the night as it is without what the server changes in it.
 */
export async function playAgainst(
  open: ServerSource['open'],
  prepare: (opened: OpenedServer) => PreparedNight,
  runDir: string,
  observe: Observe,
  stop: AbortSignal,
): Promise<{ readonly prepared: PreparedNight; readonly summary: Summary }> {
  const opened = await open(runDir, stop);
  try {
    const prepared = { ...prepare(opened), ...opened.night };
    return { prepared, summary: await runNight(prepared, runDir, null, observe, stop) };
  } finally {
    await opened.close();
  }
}

/** A server that the night starts by itself. */
export function ownServer(
  side: GateSide,
  night: OpenedServer['night'] = {},
  features: readonly string[] = [],
): ServerSource {
  return {
    side,
    notes: [],
    open: async () => ({ target: null, night, features, close: nothingToClose }),
    close: nothingToClose,
  };
}

const KEEPER = fileURLToPath(new URL('command-keeper.ts', import.meta.url));
const STOP_PATIENCE_MS = 5_000;
const keptSchema = z.object({ port: z.int(), pid: z.int() });

/**
 * A server by its command, in a shell, with `{port}` filled in. It is pinned to the server's core and its processes are
 * watched, so that their CPU is known; there are no rows of its side, and what needs them is not checked.
 */
export function commandServer(command: string): ServerSource {
  return {
    side: { kind: 'command', name: command, commit: null, dirty: null },
    notes: [`'${command}' writes no rows: checks that need the server's side are not made`],
    close: nothingToClose,
    open: async (runDir, stop) => {
      const configFile = path.join(runDir, 'command.json');
      writeFileSync(configFile, JSON.stringify({ command }));
      let close = nothingToClose;
      const message = await startReadyPart(
        {
          name: 'server',
          entry: KEEPER,
          args: [configFile],
          core: SERVER_CORE,
          logFile: path.join(runDir, 'server.log'),
          onMessage: () => {},
        },
        stop,
        (part) => {
          close = async () => {
            await stopPart(part, STOP_PATIENCE_MS);
          };
        },
      );
      const { port, pid } = keptSchema.parse(message);
      return { target: `ws://127.0.0.1:${port}/signal`, night: { targetPid: pid }, features: [], close };
    },
  };
}
