import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compileTap, openTap, type Tap } from './tap.ts';
import { addTraffic, rtcpRate, trafficBetween } from './traffic.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'roomrush-tap-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** Sends a datagram and waits until it has come, so that the tap has seen it. */
async function send(from: Socket, to: Socket, bytes: readonly number[]): Promise<void> {
  const came = once(to, 'message');
  from.send(Uint8Array.from(bytes), to.address().port, '127.0.0.1');
  await came;
}

const compiled = compileTap(folder);
const server = await bound();
const opened = 'why' in compiled ? compiled : await openTap(compiled.program, server.address().port);
const why = 'why' in opened ? `: ${opened.why}` : '';

describe.skipIf('why' in opened)(`real datagrams on loopback${why}`, () => {
  const tap = opened as Tap;

  test('STUN, DTLS, receiver reports, other RTCP and RTP are told apart, by listener and direction', async () => {
    const [one, two, stranger] = [await bound(), await bound(), await bound()];
    // RFC 7983: 0 to 3 STUN, 20 to 63 DTLS, 128 to 191 RTP and RTCP; RFC 5761: RTCP types lie from 200 on.
    await send(one, server, [0x00, 0x01, 0, 0]);
    await send(one, server, [22, 0xfe, 0xff]);
    await send(one, server, [0x81, 201, 0, 7, 1, 2, 3, 4]);
    await send(one, server, [0x80, 200, 0, 6]);
    await send(one, server, [0x8f, 205, 0, 6]);
    await send(one, server, [0x80, 100, 0, 1, 9]);
    // Marker bit with payload type 71 and 100: not RTCP's 199, and not its 228.
    await send(one, server, [0x80, 199]);
    await send(one, server, [0x80, 228]);
    await send(one, server, [200]);
    await send(server, one, [0x80, 200, 0, 6, 0, 0]);
    await send(two, server, [0x81, 201, 0, 7]);
    await send(stranger, two, [0x81, 201, 0, 7]);
    const counts = await tap.read();
    const of = (socket: Socket) =>
      counts
        .filter(({ port }) => port === socket.address().port)
        .map(({ direction, kind, packets, bytes }) => [direction, kind, packets, bytes]);
    expect(of(one)).toEqual([
      ['in', 'stun', 1, 4],
      ['in', 'dtls', 1, 3],
      ['in', 'rr', 1, 8],
      ['in', 'rtcp', 2, 8],
      ['in', 'rtp', 3, 9],
      ['in', 'other', 1, 1],
      ['out', 'rtcp', 1, 6],
    ]);
    expect(of(two)).toEqual([['in', 'rr', 1, 4]]);
    expect(of(stranger)).toEqual([]);
    for (const socket of [one, two, stranger]) socket.close();
  });

  test('what comes between two readings is a rate; packets of the host are no RTCP', async () => {
    const listener = await bound();
    await send(listener, server, [0x81, 201, 0, 7]);
    const before = await tap.read();
    for (let nth = 0; nth < 4; nth++) await send(listener, server, [0x81, 201, 0, 7, 0, 0, 0, 0]);
    await send(listener, server, [0x81, 206, 0, 2]);
    await send(server, listener, [0x80, 100, 0, 1]);
    const traffic = trafficBetween(before, await tap.read(), 10);
    expect(traffic.listenerSeconds).toBe(10);
    expect(rtcpRate(traffic, 'in')).toEqual({
      packetsPerSecond: 0.5,
      bytesPerSecond: 3.6,
      receiverReportsPerSecond: 0.4,
    });
    expect(rtcpRate(traffic, 'out')).toEqual({
      packetsPerSecond: 0,
      bytesPerSecond: 0,
      receiverReportsPerSecond: 0,
    });
    expect(traffic.out.rtp).toEqual({ packets: 1, bytes: 4 });
    expect(rtcpRate(addTraffic([traffic, traffic]), 'in')?.packetsPerSecond).toBe(0.5);
    expect(addTraffic([traffic, traffic]).in.rr.packets).toBe(8);
    listener.close();
  });

  test('a tap that has ended says so', async () => {
    tap.close();
    await expect(tap.read()).rejects.toThrow('it has ended');
  });
});

test('nobody heard is no rate', () => {
  expect(rtcpRate(trafficBetween([], [], 10), 'in')).toBeNull();
});

afterAll(() => {
  server.close();
  if ('close' in opened) opened.close();
});
