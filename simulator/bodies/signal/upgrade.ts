/** The opening handshake of a WebSocket by hand (RFC 6455, section 4): one request, one answer. */
import { createHash, randomBytes } from 'node:crypto';

/** Longest answer to an upgrade that is read. */
const ANSWER_BYTES_MAX = 8192;
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

// The key only shows that the other side speaks WebSocket; one for the whole process does that.
const KEY = randomBytes(16).toString('base64');
const ACCEPT = createHash('sha1')
  .update(KEY + GUID)
  .digest('base64');

/** The request that asks for the upgrade. */
export function upgradeRequest(host: string, path: string): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`
  );
}

/** What has come of the answer: more is needed, no, or yes and what followed it in the same read. */
export type UpgradeAnswer =
  | { readonly state: 'partial'; readonly seen: Buffer }
  | { readonly state: 'refused'; readonly why: string }
  | { readonly state: 'open'; readonly rest: Buffer };

/** @param seen what came before, empty at first. */
export function readUpgrade(seen: Buffer, bytes: Buffer): UpgradeAnswer {
  const all = seen.length === 0 ? bytes : Buffer.concat([seen, bytes]);
  const end = all.indexOf('\r\n\r\n');
  if (end < 0) {
    if (all.length > ANSWER_BYTES_MAX) return { state: 'refused', why: 'the answer is too long' };
    return { state: 'partial', seen: Buffer.from(all) };
  }
  const head = all.toString('latin1', 0, end);
  if (!/^HTTP\/1\.1 101 /.test(head)) return { state: 'refused', why: head.slice(0, head.indexOf('\r\n')) };
  const accept = /^sec-websocket-accept:[ \t]*(\S+)[ \t]*$/im.exec(head)?.[1];
  if (accept !== ACCEPT) return { state: 'refused', why: 'the accept key is wrong' };
  return { state: 'open', rest: all.subarray(end + 4) };
}
