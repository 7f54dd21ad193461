import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHost, voiceFile } from './host.ts';
import { readOggOpus } from './ogg.ts';
import { RTP_HEADER_BYTES, readRtpHeader } from './rtp.ts';

let socket: Socket;
beforeEach(async () => {
  socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
});
afterEach(() => socket.close());

async function receive(count: number): Promise<Buffer[]> {
  const packets: Buffer[] = [];
  while (packets.length < count) {
    const [packet] = (await once(socket, 'message')) as [Buffer];
    packets.push(packet);
  }
  return packets;
}

const onBroken = (error: Error) => {
  throw error;
};

describe('startHost', () => {
  it('numbers and times its packets without a gap, also where sequence and timestamp wrap', async () => {
    const host = await startHost({
      frameMs: 20,
      payloadType: 100,
      onBroken,
      firstSequence: 2 ** 16 - 3,
      firstTimestamp: 2 ** 32 - 960 * 3,
    });
    host.addTarget('127.0.0.1', socket.address().port);
    const packets = await receive(12);
    await host.close();
    const headers = packets.map(readRtpHeader);
    for (const [index, header] of headers.entries()) {
      const before = headers[index - 1] ?? header;
      const step = index === 0 ? 0 : 1;
      expect((header.sequence - before.sequence + 2 ** 16) % 2 ** 16).toBe(step);
      expect((header.timestamp - before.timestamp + 2 ** 32) % 2 ** 32).toBe(960 * step);
      expect(header).toMatchObject({ ssrc: host.ssrc, payloadType: 100 });
    }
    expect(headers.at(-1)?.sequence).toBeLessThan(100);
    const voice = readOggOpus(readFileSync(voiceFile(20))).packets;
    const first = voice.findIndex((frame) => packets[0]?.subarray(RTP_HEADER_BYTES).equals(frame));
    expect(packets.map((packet) => packet.subarray(RTP_HEADER_BYTES))).toEqual(
      voice.slice(first, first + 12).map((frame) => Buffer.from(frame)),
    );
  });

  it('sends the same packets to every target, and nothing more to one that was removed', async () => {
    const other = createSocket('udp4').bind(0, '127.0.0.1');
    await once(other, 'listening');
    const host = await startHost({ frameMs: 20, payloadType: 100, onBroken });
    host.addTarget('127.0.0.1', socket.address().port);
    const target = host.addTarget('127.0.0.1', other.address().port);
    const [[packet]] = (await Promise.all([once(other, 'message'), once(socket, 'message')])) as [
      [Buffer],
      unknown,
    ];
    target.remove();
    // Three packets for the first target, and by then at most the one on its way for the second.
    let late = 0;
    other.on('message', () => {
      late += 1;
    });
    const [following] = await receive(3);
    expect(readRtpHeader(following as Buffer).ssrc).toBe(readRtpHeader(packet).ssrc);
    expect(late).toBeLessThanOrEqual(1);
    await host.close();
    other.close();
  });

  it('speaks on while the main thread stalls', async () => {
    const host = await startHost({ frameMs: 20, payloadType: 100, onBroken });
    host.addTarget('127.0.0.1', socket.address().port);
    await receive(1);
    // 400 ms in which this thread does nothing: the packets wait in the socket.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    const packets = (await receive(18)).map(readRtpHeader);
    const span = (packets.at(-1)?.timestamp ?? 0) - (packets[0]?.timestamp ?? 0);
    expect((span + 2 ** 32) % 2 ** 32).toBe(17 * 960);
    await host.close();
  });

  it('rejects a file that is damaged or has frames of another length', async () => {
    const file = join(tmpdir(), `roomrush-damaged-${process.pid}.opus`);
    writeFileSync(file, readFileSync(voiceFile(60)).subarray(0, 5000));
    await expect(startHost({ frameMs: 60, payloadType: 100, onBroken, file })).rejects.toThrow(
      'should end at byte',
    );
    await expect(
      startHost({ frameMs: 60, payloadType: 100, onBroken, file: voiceFile(20).pathname }),
    ).rejects.toThrow('only frames of 60 ms');
  });
});
