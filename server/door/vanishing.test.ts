/**
 * Somebody vanishes without a word at every single step of joining: the socket stands, nothing is read, sent or
 * closed any more. Once its timeouts have passed, nothing of them is left: no connection, seat, place or transport.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readSetup } from '../../setup/paths.ts';
import { startMedia } from '../media/index.ts';
import type { Media, StartMedia } from '../media/port.ts';
import { type TestListener, type TestServer, testServer, until } from '../testing/test-kit.ts';

const KEY = Buffer.alloc(30, 7).toString('base64');
const FINGERPRINT = { algorithm: 'sha-256', value: Array(32).fill('AA').join(':') };

type Stage = { readonly server: TestServer; readonly media: () => Media };

/** One seat and no overflow; every timeout is short. */
async function stage(): Promise<Stage> {
  let media: Media | null = null;
  const spied: StartMedia = async (options) => {
    media = await startMedia(options);
    return media;
  };
  const server = await testServer('guarded', {
    seats: 1,
    timers: { heartbeatMissedMs: 300, seatHoldMs: 200, ticketLifeMs: 200 },
    media: { enabled: true, workerBin: readSetup().workerBin },
    parts: { startMedia: spied },
  });
  return { server, media: () => media! };
}

/** Reads, answers and closes nothing any more. */
function vanish(listener: TestListener): void {
  listener.socket.pause();
}

async function nothingIsLeft({ server, media }: Stage): Promise<void> {
  await until(async () => {
    const { connections, waiting, rooms } = await server.health();
    const seats = rooms.reduce((sum, { decided, taken, held }) => sum + decided + taken + held, 0);
    return connections + waiting + seats + (await media().transports()) === 0;
  });
  // The seat is there for somebody else, who gets it at once.
  const next = await server.ask(99);
  expect((await next.next()).head).toMatchObject({ room: 'main', seat: 1, resumed: false });
}

test('before the upgrade: a bare TCP connection is cut', async () => {
  const { server, media } = await stage();
  const socket = connect(server.running.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write('GET /signal HTTP/1.1\r\nHost: here\r\n');
  socket.resume();
  await once(socket, 'close');
  await nothingIsLeft({ server, media });
});

const STEPS: Readonly<Record<string, (server: TestServer) => Promise<TestListener>>> = {
  'after the upgrade': (server) => server.dial(),
  'in the hallway': async (server) => {
    const listener = await server.dial();
    listener.send('h', { personId: 1 });
    await listener.next('H');
    return listener;
  },
  'with the ask sent and the answer not read': async (server) => {
    const listener = await server.dial();
    vanish(listener);
    listener.ask(1, { media: 'webrtc' });
    return listener;
  },
  'seated, before connect': async (server) => server.seat(1, { media: 'webrtc' }),
  'seated, connect sent, ICE never begun': async (server) => {
    const listener = await server.seat(1, { media: 'webrtc' });
    listener.send('c', { fingerprint: FINGERPRINT });
    await listener.next('C');
    return listener;
  },
  'seated with rtp, before connect': async (server) => server.seat(1, { media: 'rtp' }),
  'with audio flowing': async (server) => {
    const listener = await server.seat(1, { media: 'rtp' });
    const sink = createSocket('udp4');
    onTestFinished(() => void sink.close());
    sink.bind(0, '127.0.0.1');
    await once(sink, 'listening');
    const heard = once(sink, 'message');
    const { port } = sink.address() as AddressInfo;
    listener.send('c', { sink: { ip: '127.0.0.1', port, srtpKeyBase64: KEY } });
    await heard;
    return listener;
  },
  'seated without media': async (server) => server.seat(1),
};

test.each(Object.keys(STEPS))('%s', async (step) => {
  const { server, media } = await stage();
  const listener = await STEPS[step]!(server);
  vanish(listener);
  await nothingIsLeft({ server, media });
});

test('in the queue: the place goes when its ticket has run out', async () => {
  const { server, media } = await stage();
  const ada = await server.seat(1);
  const bob = await server.ask(2);
  await bob.next('W');
  vanish(bob);
  await until(() => {
    // Ada is there all the while.
    ada.send('b', { n: 0 });
    return server.story('expired').includes('expired 2');
  });
  expect((await server.health()).waiting).toBe(0);
  ada.send('q', {});
  await ada.closed;
  await nothingIsLeft({ server, media });
});

test('called from the queue, unheard: the seat is lost and goes to the next', async () => {
  const { server, media } = await stage();
  const ada = await server.seat(1);
  const bob = await server.ask(2);
  await bob.next('W');
  vanish(bob);
  ada.send('q', {});
  await until(() => server.story('took').includes('took 2 main 1'));
  await nothingIsLeft({ server, media });
});
