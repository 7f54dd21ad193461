import { once } from 'node:events';
import { connect } from 'node:net';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type TestServer, testServer, until } from '../testing/test-kit.ts';

async function codesFor(server: TestServer, ...payloads: (string | Buffer)[]): Promise<string[]> {
  const listener = await server.dial();
  for (const payload of payloads) listener.socket.send(payload);
  listener.send('b', { n: 1 });
  await Promise.race([listener.closed, listener.next('B')]);
  return listener.heard.map((text) => (text.startsWith('X') ? JSON.parse(text.slice(1)).code : text));
}

describe('what is wrong is answered with a code', () => {
  test.each([
    ['', 'bad-frame'],
    [Buffer.from('b{"n":1}'), 'bad-frame'],
    ['zoo{}', 'unknown-type'],
    ['b', 'bad-json'],
    ['b[]', 'bad-json'],
    ['bnull', 'bad-json'],
    ['b{"n":', 'bad-json'],
    ['b{"n":-1}', 'bad-message'],
    ['b{"n":1,"m":2}', 'bad-message'],
    ['b{"n":1}\n[]', 'bad-message'],
    ['a{"v":2,"personId":1}', 'unsupported-version'],
    ['a{"v":1,"personId":1,"name":"","attempt":1,"room":"main","media":"none"}', 'bad-message'],
    ['a{"v":1,"personId":1,"name":"x","attempt":1,"room":"elsewhere","media":"none"}', 'unknown-room'],
    ['r{"room":"main","page":0}', 'wrong-state'],
    [`c{"fingerprint":{"algorithm":"sha-256","value":"${'AA:'.repeat(31)}AA"}}`, 'wrong-state'],
    [`c{"sink":{"ip":"127.0.0.1","port":9,"srtpKeyBase64":"${'A'.repeat(40)}"}}`, 'wrong-state'],
    [`c{"sink":{"ip":"128.0.0.1","port":9,"srtpKeyBase64":"${'A'.repeat(40)}"}}`, 'bad-message'],
    [`c{"sink":{"ip":"127.evil.example","port":9,"srtpKeyBase64":"${'A'.repeat(40)}"}}`, 'bad-message'],
    [`c{"sink":{"ip":"127.0.0.1","port":9,"srtpKeyBase64":"AAAA"}}`, 'bad-message'],
  ])('%s: %s', async (payload, code) => {
    const server = await testServer('guarded');
    expect(await codesFor(server, payload)).toEqual([code, 'B{"n":1}']);
  });

  test('text that is not UTF-8', async () => {
    const server = await testServer('guarded');
    const listener = await server.dial();
    listener.socket.send(Buffer.from([0x62, 0xff, 0xfe]), { binary: false });
    expect((await listener.next()).head.code).toBe('bad-frame');
  });
});

test('the third strike closes the connection and costs the seat, which is held', async () => {
  const server = await testServer('guarded');
  const ada = await server.seat(1);
  for (const payload of ['?', 'b', 'b{}']) ada.socket.send(payload);
  expect(await ada.closed).toBe(1008);
  const codes = ada.heard
    .filter((text) => text.startsWith('X'))
    .map((text) => JSON.parse(text.slice(1)).code);
  expect(codes).toEqual(['unknown-type', 'bad-json', 'bad-message', 'three-strikes']);
  expect(JSON.parse(ada.heard.at(-1)!.slice(1))).toEqual({
    cause: 'protocol-error',
    ticket: expect.any(String),
    heldForMs: 30_000,
  });
  expect(server.story('strike', 'ejected', 'held')).toEqual([
    'strike 1 unknown-type',
    'strike 1 bad-json',
    'strike 1 bad-message',
    'ejected 1 main protocol-error',
    'held 1 main 30000',
  ]);
});

test('a frame above the size bound closes the connection', async () => {
  const server = await testServer('guarded', { limits: { frameBytesMax: 1_000 } });
  const ada = await server.seat(1);
  ada.socket.send(`a${' '.repeat(1_000)}`);
  expect(await ada.closed).toBe(1009);
  expect(server.story('strike', 'ejected')).toEqual(['strike 1 bad-frame', 'ejected 1 main protocol-error']);
});

describe('silence', () => {
  test('a listener who stays connected and says nothing is freed by timeout alone', async () => {
    const server = await testServer('guarded', {
      seats: 1,
      timers: { heartbeatMissedMs: 150, seatHoldMs: 100 },
    });
    const silent = await server.ask(1);
    await silent.next('S');
    const next = await server.ask(2);
    const life = setInterval(() => next.send('b', { n: 1 }), 30);
    await next.next('S');
    clearInterval(life);
    expect(silent.heard.at(-1)).toMatch(/^E\{"cause":"heartbeat-missed"/);
    expect(server.story('ejected', 'held', 'released').slice(0, 3)).toEqual([
      'ejected 1 main heartbeat-missed',
      'held 1 main 100',
      'released 1 main expired 1',
    ]);
  });

  test('a socket that never agrees to close is cut', async () => {
    const server = await testServer('clubhouse-2021', { timers: { heartbeatMissedMs: 50 } });
    const raw = connect(server.running.port, '127.0.0.1');
    raw.write(
      'GET /signal HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    raw.resume();
    await once(raw, 'close');
    expect((await server.health()).connections).toBe(0);
  });

  test('a silent waiter keeps the place for the life of the ticket', async () => {
    const server = await testServer('guarded', {
      seats: 1,
      timers: { heartbeatMissedMs: 60, ticketLifeMs: 60 },
    });
    const ada = await server.seat(1);
    const life = setInterval(() => ada.send('b', { n: 1 }), 15);
    await (await server.ask(2)).next('W');
    await until(() => server.story('expired').length > 0);
    clearInterval(life);
    expect(server.story('vanished', 'expired')).toEqual(['vanished 2 heartbeat-missed', 'expired 2']);
    expect((await server.health()).waiting).toBe(0);
  });
});

test('a client that does not read is dropped as slow, and nobody else', async () => {
  const server = await testServer('clubhouse-2021', { limits: { slowClientBytesMax: 20_000 } });
  const ids = Array.from({ length: 50 }, (_, index) => index + 1);
  const [slow, reader] = await Promise.all(ids.map((id) => server.seat(id, { name: 'n'.repeat(64) })));
  slow!.socket.pause();
  while (server.story('ejected').length === 0) {
    for (let i = 0; i < 100; i += 1) slow!.send('r', { room: 'main', page: 0 });
    await reader!.roundTrip();
  }
  expect(server.story('ejected')).toEqual(['ejected 1 main slow-client']);
  await until(() =>
    reader!.heard.includes(`P{"kind":"left","listeners":49,"user":{"id":1,"name":"${'n'.repeat(64)}"}}`),
  );
});

test('beyond the bound on connections the upgrade is answered with 503, and 404 elsewhere', async () => {
  const server = await testServer('guarded', { limits: { connectionsMax: 1 } });
  const statusOf = async (path: string): Promise<number> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.running.port}${path}`);
    const [, response] = await once(socket, 'unexpected-response');
    socket.on('error', () => {});
    socket.terminate();
    return response.statusCode;
  };
  expect(await statusOf('/elsewhere')).toBe(404);
  const ada = await server.dial();
  expect(await statusOf('/signal')).toBe(503);
  ada.socket.close();
  await ada.closed;
  await until(async () => (await server.health()).connections === 0);
  await server.dial();
});

describe('fuzz', () => {
  const VALID = [
    'h{}',
    'b{"n":1}',
    'q{}',
    'r{"room":"main","page":0}',
    'a{"v":1,"personId":1,"name":"x","attempt":1,"room":"main","media":"none"}',
    'a{"v":1,"personId":2,"name":"y","attempt":1,"room":"main","media":"webrtc","ticket":"c2VhdA.AAAA"}',
    `c{"fingerprint":{"algorithm":"sha-256","value":"${'AA:'.repeat(31)}AA"}}`,
  ];

  test.each(['clubhouse-2021', 'guarded'] as const)('%s: 50,000 random frames', async (profile) => {
    const seed = 20_210_204;
    const random = xoroshiro128plus(seed);
    const below = (bound: number): number => (random.next() >>> 0) % bound;
    const frame = (): Buffer => {
      const frame = Buffer.from(VALID[below(VALID.length)]!);
      switch (below(4)) {
        case 0:
          return Buffer.from(Array.from({ length: below(200) }, () => below(256)));
        case 1:
          for (let flips = below(4); flips >= 0; flips -= 1) frame[below(frame.length)] = below(256);
          return frame;
        case 2:
          return frame.subarray(0, below(frame.length + 1));
        default:
          return Buffer.from(frame.toString().replace(/"personId":\d/, `"personId":${below(30)}`));
      }
    };
    const server = await testServer(profile, { seats: 5, limits: { frameBytesMax: 180 } });
    let sent = 0;
    const talk = async (): Promise<void> => {
      while (sent < 50_000) {
        const listener = await server.dial();
        for (let i = 0; i < 200 && sent < 50_000; i += 1) {
          if (listener.socket.readyState !== WebSocket.OPEN) break;
          listener.socket.send(frame(), { binary: below(20) === 0 });
          sent += 1;
          if (i % 8 === 7) await new Promise((resolve) => setImmediate(resolve));
        }
        if (below(2) === 0) listener.socket.terminate();
        else listener.socket.close();
        await listener.closed;
      }
    };
    await Promise.all(Array.from({ length: 8 }, talk));
    await until(async () => (await server.health()).connections === 0);
    const health = await server.health();
    expect(health).toMatchObject({ status: 'ok' });
    for (const room of health.rooms) expect(room).toMatchObject({ decided: 0, taken: 0 });
    // What is left is held or absent for those who were cut, and each of these is somebody's.
    const held = health.rooms.reduce((sum, room) => sum + room.held, 0);
    expect(held).toBeLessThanOrEqual(profile === 'guarded' ? 5 : 0);
    expect((await (await server.ask(77)).next('S', 'W', 'F')).letter).toBe(held < 5 ? 'S' : 'W');
  });
});
