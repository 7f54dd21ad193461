/**
 * The reference server with a broken admission control: `node broken-server.child.ts <config.json>`, and in the environment
 * BROKEN_BY, a name of `BREAKS`. It obeys its parent as server/main.ts does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEventWriter } from '../../events/writer.ts';
import { serverConfigSchema } from '../config.ts';
import { startServer } from '../index.ts';
import { BREAKS, type Break } from './broken-policies.ts';

const config = serverConfigSchema.parse(JSON.parse(readFileSync(process.argv[2]!, 'utf8')));
const sink = openEventWriter({
  dir: join(config.runDir, 'events'),
  process: config.processName,
  side: 'server',
});
const server = await startServer(config, {
  sink,
  createAdmission: BREAKS[process.env['BROKEN_BY'] as Break],
});
let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  await server.close();
  process.exit(0);
};
process.on('disconnect', stop);
process.on('message', stop);
process.send?.({ type: 'ready', port: server.port, rtcPort: null, pid: process.pid, workerPid: null });
