/** What an rtp listener is sent is SRTP (RFC 3711) that its offer's key opens, and holds the voice. */
import { createCipheriv } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSetup } from '../../setup/paths.ts';
import type { RtpOffer } from '../protocol/messages.ts';
import { startMedia } from './index.ts';
import { voiceFile } from './voice/host.ts';
import { readOggOpus } from './voice/ogg.ts';

const TAG_BYTES = 10;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const LABEL = { key: 0, salt: 2 } as const;

function keyStream(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  return createCipheriv('aes-128-ctr', key, iv).update(data);
}

/** RFC 3711, 4.3: session key and salt from the master's, with a key derivation rate of 0. */
function derive(master: Buffer, label: number, bytes: number): Buffer {
  const iv = Buffer.concat([master.subarray(16), Buffer.alloc(2)]);
  iv[7] = iv[7]! ^ label;
  return keyStream(master.subarray(0, 16), iv, Buffer.alloc(bytes));
}

/** Everything behind the header, of which an extension (RFC 3550, 5.3.1) is a part, and before the tag. */
function payloadOf(packet: Buffer): Buffer {
  const hasExtension = (packet[0]! & 0x10) !== 0;
  const headerBytes = hasExtension ? 16 + 4 * packet.readUInt16BE(14) : 12;
  return packet.subarray(headerBytes, packet.length - TAG_BYTES);
}

/** RFC 3711, 4.1.1, before the sequence has wrapped. */
function decrypt(packet: Buffer, master: Buffer): Buffer {
  const iv = Buffer.concat([derive(master, LABEL.salt, 14), Buffer.alloc(2)]);
  for (let nth = 0; nth < 4; nth += 1) iv[4 + nth] = iv[4 + nth]! ^ packet[8 + nth]!;
  for (let nth = 0; nth < 2; nth += 1) iv[12 + nth] = iv[12 + nth]! ^ packet[2 + nth]!;
  return keyStream(derive(master, LABEL.key, 16), iv, payloadOf(packet));
}

it('is the voice, encrypted under the key of the offer, from the first packet on', async () => {
  const sink = createSocket('udp4');
  sink.bind(0, '127.0.0.1');
  await once(sink, 'listening');
  const media = await startMedia({
    frameMs: 20,
    workers: 1,
    rtcPort: 0,
    host: '127.0.0.1',
    workerBin: readSetup().workerBin,
    iceConsentMs: 10_000,
    onWorkerDied: () => undefined,
  });
  await media.openRoom('main', null);
  const listener = await media.addListener('main', 'rtp', { onLost: () => undefined });
  const offer = listener.offer as RtpOffer;
  const packets: Buffer[] = [];
  const enough = new Promise<void>((resolve) => {
    sink.on('message', (packet) => {
      // RTCP comes on the same port (RFC 5761).
      if ((packet[1]! & 0x7f) === offer.payloadType) packets.push(packet);
      if (packets.length === 25) resolve();
    });
  });
  const { port } = sink.address();
  await listener.connect({ sink: { ip: '127.0.0.1', port, srtpKeyBase64: 'A'.repeat(40) } });
  await enough;
  sink.close();
  await media.close();

  const voice = new Set(readOggOpus(readFileSync(voiceFile(20))).packets.map(hex));
  const master = Buffer.from(offer.srtpKeyBase64, 'base64');
  const first = packets[0]!.readUInt16BE(2);
  for (const [nth, packet] of packets.entries()) {
    expect(packet.readUInt32BE(8)).toBe(offer.ssrc);
    expect(packet.readUInt16BE(2)).toBe((first + nth) % 2 ** 16);
    expect(voice.has(hex(payloadOf(packet)))).toBe(false);
    // A sequence that begins just below its end wraps, and the index with it.
    if (first + nth < 2 ** 16) expect(voice.has(hex(decrypt(packet, master)))).toBe(true);
  }
});
