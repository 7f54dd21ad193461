/** The reference server on its own: for a person who wants to listen, or a load that somebody else makes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NotReadyError } from '../errors.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { RoomsNow } from '../server/rooms/rooms-now.ts';
import { readSetup } from '../setup/paths.ts';
import { resolveBuild } from './build.ts';
import { scaleFor, writeK6Night } from './k6-night.ts';
import type { Live } from './live.ts';
import { startRoomLive } from './live-room.ts';
import { portTaken } from './port-holder.ts';
import { type PartMessage, startPart, stopPart } from './processes.ts';
import { makeRunFolder } from './run-folder.ts';
import { serverConfigFor } from './server-config.ts';

const SERVER_ENTRY = fileURLToPath(new URL('../server/main.ts', import.meta.url));
const PORTS_TRIED = 100;
/** A night for a k6 on the same machine: so many people leave the server room to breathe. */
const K6_PEOPLE = 500;
const K6_SEED = 1;

export type ServeFlags = {
  readonly profile: string;
  readonly policy?: string;
  readonly feature: readonly string[];
  /** The port that was asked for, or null: then the first free one from `firstPort`. */
  readonly port: number | null;
  readonly firstPort: number;
  readonly host: string;
  readonly out: string;
};

/**
 * Serves until `stop` or until the server ends.
 *
 * @param live is told of the rooms; null: there is no live page.
 * @throws NotReadyError when the port that was asked for is taken; the message names its holder.
 */
export async function serveAlone(
  night: Scenario,
  flags: ServeFlags,
  live: Live | null,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  const build = resolveBuild(flags.profile, flags.policy, flags.feature, night.policies);
  const port = flags.port === null ? await firstFreePort(flags.host, flags.firstPort) : flags.port;
  if (flags.port !== null) await refuseTakenPort(flags.host, flags.port);
  const folder = makeRunFolder(flags.out, `serve-${build.profile}`, new Date());
  mkdirSync(path.join(folder.dir, 'events'));
  const config = serverConfigFor(night, build, {
    runDir: folder.dir,
    host: flags.host,
    port,
    mediaEnabled: true,
    workerBin: readSetup().workerBin,
    seed: 1,
  });
  const configFile = path.join(folder.dir, 'server.json');
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
  const logFile = path.join(folder.dir, 'server.log');
  let rooms: RoomsNow | null = null;
  const server = startPart({
    name: 'server',
    entry: SERVER_ENTRY,
    args: [configFile],
    core: null,
    logFile,
    onMessage: (raw) => {
      const message = raw as PartMessage;
      if (message['type'] === 'rooms') rooms = message as RoomsNow & PartMessage;
      if (message['type'] !== 'ready') return;
      const bound = Number(message['port']);
      say(`listen: http://${flags.host}:${bound}/`);
      say(
        `${night.rooms.main.title}: ws://${flags.host}:${bound}/signal (${build.profile}, ${build.policy})`,
      );
      sayHowToLoad(night, flags, bound, say);
      say(`rooms: http://${flags.host}:${bound}/hallway   metrics: http://${flags.host}:${bound}/metrics`);
      say(`log: ${folder.dir}   Ctrl-C ends it`);
    },
  });
  const roomLive = live === null ? null : startRoomLive(live, night, build, server.pid, () => rooms);
  const stopped = new Promise<'stopped'>((resolve) => {
    stop.addEventListener('abort', () => resolve('stopped'), { once: true });
    if (stop.aborted) resolve('stopped');
  });
  const how = await Promise.race([server.ended, stopped]);
  roomLive?.stop();
  await stopPart(server, 5_000);
  if (how !== 'stopped')
    throw new NotReadyError('server-ended', `the server ended (${how})`, `see ${logFile}`);
}

/** Writes a night for k6 and says how to play it here. */
function sayHowToLoad(
  night: Scenario,
  { out, host }: ServeFlags,
  port: number,
  say: (line: string) => void,
): void {
  const file = path.resolve(out, 'k6-night.jsonl');
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host;
  const people = writeK6Night(file, night, {
    scale: scaleFor(night, K6_PEOPLE),
    timeScale: 1,
    seed: K6_SEED,
    target: `ws://${reachable}:${port}/signal`,
  });
  say(`${people} people by k6: ${readSetup().k6 ?? 'k6'} run -e NIGHT=${file} scenarios/k6/surge.ts`);
}

async function refuseTakenPort(host: string, port: number): Promise<void> {
  if (await isFree(host, port)) return;
  throw portTaken(port, (holder) =>
    holder === null ? 'choose another --port' : `choose another --port, or end it: kill ${holder.pid}`,
  );
}

async function firstFreePort(host: string, first: number): Promise<number> {
  for (let port = first; port < first + PORTS_TRIED; port++) if (await isFree(host, port)) return port;
  throw new NotReadyError(
    'no-free-port',
    `ports ${first} to ${first + PORTS_TRIED - 1} are taken`,
    'choose another --port',
  );
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
