/**
 * The reference server with a regression: `node regressed-server.child.ts <config.json>`, and in the environment
 * REGRESSED_BY, a name of `REGRESSIONS`, and for `cpu-join` REGRESSED_JOIN_PIECES. It obeys its parent as server/main.ts does,
 * media included; base runs go through it too (`none`), so that only the regression differs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openEventWriter } from '../../events/writer.ts';
import { serverConfigSchema } from '../config.ts';
import { startServer } from '../index.ts';
import { startMedia } from '../media/index.ts';
import { REGRESSIONS, type RegressionName } from './regressions.ts';

const { REGRESSED_BY, REGRESSED_JOIN_PIECES } = z
  .object({
    REGRESSED_BY: z.enum(Object.keys(REGRESSIONS) as [RegressionName, ...RegressionName[]]),
    REGRESSED_JOIN_PIECES: z.coerce.number().min(0).default(0),
  })
  .parse(process.env);
const config = serverConfigSchema.parse(JSON.parse(readFileSync(process.argv[2]!, 'utf8')));
const sink = openEventWriter({
  dir: join(config.runDir, 'events'),
  process: config.processName,
  side: 'server',
});
const server = await startServer(config, {
  sink,
  startMedia,
  createAdmission: REGRESSIONS[REGRESSED_BY](REGRESSED_JOIN_PIECES),
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
process.send?.({ type: 'ready', port: server.port, rtcPort: server.rtcPort, pid: process.pid });
