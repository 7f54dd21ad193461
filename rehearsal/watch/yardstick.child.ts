/**
 * Measures how fast the server's core is while a night is played: a small piece of work again and again beside the server, and
 * what CPU time it took. The core of a rented machine is slower when its neighbours are busy, by a half within minutes, and
 * then everything on it is.
 */
import { pieceOfWork } from '../../yardstick.ts';

/** A fortieth of the core or less; often enough that no slow second is missed. */
const EVERY_MS = 25;
const PIECES = 12;
/** Until it is compiled as well as it will be. */
const WARM_UP_PIECES = 5_000;

pieceOfWork(WARM_UP_PIECES);

let pieces = 0;
let before = process.cpuUsage();
const timer = setInterval(() => {
  pieceOfWork(PIECES);
  pieces += PIECES;
}, EVERY_MS);

process.on('message', ({ type }: { readonly type: string }) => {
  if (type === 'start') {
    pieces = 0;
    before = process.cpuUsage();
  } else if (type === 'stop') {
    clearInterval(timer);
    const { user, system } = process.cpuUsage(before);
    const pieceMs = pieces === 0 ? null : (user + system) / 1000 / pieces;
    process.send!({ type: 'measured', pieceMs }, () => process.disconnect());
  }
});
process.once('disconnect', () => process.exit());
process.send!({ type: 'ready' });
