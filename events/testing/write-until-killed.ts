/** A process that writes rows until somebody kills it, and tells its parent how far it got. */
import { readdirSync } from 'node:fs';
import { openEventWriter } from '../writer.ts';

const dir = process.argv[2];
if (dir === undefined) throw new RangeError('expected the folder of the log');
const writer = openEventWriter({ dir, process: 'swarm-signal', side: 'listener' });
let rows = 0;
setInterval(() => {
  const tNs = process.hrtime.bigint();
  writer.row('arrive', rows++, null, null, null, null, 0, null, null, tNs);
  const segments = readdirSync(dir).filter((name) => name.endsWith('.csv')).length;
  process.send?.({ tNs: String(tNs), segments });
}, 2);
process.once('disconnect', () => process.exit());
