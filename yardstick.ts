/**
 * A fixed piece of work, whose price tells how fast a core is just now. Beside a server it is the unit in which the gate tells
 * CPU; put into a server it is a regression that costs the same share of a join on a slow core as on a fast one.
 */
import { createHmac } from 'node:crypto';
import { openSync, readSync } from 'node:fs';

const key = Buffer.alloc(32, 7);
const page = Buffer.alloc(4096);
const message = {
  type: 'asked',
  room: 'main',
  people: Array.from({ length: 20 }, (_, nth) => ({
    id: nth,
    name: `listener ${nth}`,
    muted: nth % 2 === 0,
  })),
};
let zeros: number | undefined;

/** What a server does, in small: text from objects and back, a signature, a call into the kernel that copies. Some 45 us. */
export function pieceOfWork(times: number): void {
  zeros ??= openSync('/dev/zero', 'r');
  for (let nth = 0; nth < times; nth++) {
    const text = JSON.stringify(JSON.parse(JSON.stringify(message)));
    createHmac('sha256', key).update(text).digest();
    readSync(zeros, page, 0, page.length, null);
  }
}
