/**
 * The reference server behind a UDP relay of known delay: `node relayed-server.child.ts <config.json>`, and in the
 * environment RELAY_ONE_WAY_MS. Its offers name the relay's port as theirs; signalling goes straight. The relay's ledger
 * is `relay.json` in the run's folder. It obeys its parent as server/main.ts does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEventWriter } from '../../events/writer.ts';
import { serverConfigSchema } from '../../server/config.ts';
import { startServer } from '../../server/index.ts';
import { startMedia } from '../../server/media/index.ts';
import type { ListenerMedia, StartMedia } from '../../server/media/port.ts';

const RELAY = fileURLToPath(new URL('relay.child.ts', import.meta.url));
const config = serverConfigSchema.parse(JSON.parse(readFileSync(process.argv[2]!, 'utf8')));
const oneWayMs = process.env['RELAY_ONE_WAY_MS'] ?? '0';

let relay: ChildProcess | undefined;

const relayedMedia: StartMedia = async (options) => {
  const media = await startMedia(options);
  relay = fork(RELAY, [String(options.rtcPort), oneWayMs, join(config.runDir, 'relay.json')]);
  const [{ port }] = (await once(relay, 'message')) as [{ readonly port: number }];
  return {
    ...media,
    addListener: async (room, kind, hooks) => throughRelay(await media.addListener(room, kind, hooks), port),
  };
};

function throughRelay(listener: ListenerMedia, port: number): ListenerMedia {
  const { offer } = listener;
  if (offer.kind !== 'webrtc') return listener;
  const candidates = offer.candidates.map((candidate) => ({ ...candidate, port }));
  return { ...listener, offer: { ...offer, candidates } };
}

const sink = openEventWriter({
  dir: join(config.runDir, 'events'),
  process: config.processName,
  side: 'server',
});
const server = await startServer(config, { sink, startMedia: relayedMedia });
let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  if (relay !== undefined) {
    const ended = once(relay, 'exit');
    relay.disconnect();
    await ended;
  }
  await server.close();
  process.exit(0);
};
process.on('disconnect', stop);
process.on('message', stop);
process.send?.({ type: 'ready', port: server.port, rtcPort: null, pid: process.pid, workerPid: null });
