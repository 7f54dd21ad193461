import { expect, onTestFinished, test } from 'vitest';
import { readSetup } from '../../setup/paths.ts';
import { startMedia } from '../media/index.ts';
import { type TestListener, type TestServer, testServer, until } from '../testing/test-kit.ts';
import { Voices } from './voice.ts';

const { workerBin } = readSetup();

function mediaServer(seats: number): Promise<TestServer> {
  const overflow = { seats: 5, roomsMax: 1, closeAfterMs: 30 };
  const media = { enabled: true, workerBin };
  return testServer('guarded', { seats, overflow, media, parts: { startMedia } });
}

async function ejection(
  listener: TestListener,
): Promise<{ cause: string; ticket: string; heldForMs: number }> {
  const { head } = await listener.next('E');
  await listener.closed;
  return head;
}

test('a dead worker ends nothing: listeners are told, rooms rebuilt, seats resumed with sound', async () => {
  const server = await mediaServer(1);
  const ada = await server.ask(1, { media: 'webrtc' });
  expect((await ada.next('S')).head.media).toMatchObject({ frameMs: 60 });
  const bob = await server.ask(2, { media: 'webrtc' });
  expect((await bob.next('S')).head.room).toBe('main-overflow-1');
  const deaf = await server.ask(3);
  expect((await deaf.next('S')).head.media).toBe(null);
  const firstPid = server.running.workerPid()!;
  process.kill(firstPid, 'SIGKILL');
  const lost = await Promise.all([ejection(ada), ejection(bob)]);
  expect(lost).toMatchObject([
    { cause: 'worker-died', heldForMs: 30_000 },
    { cause: 'worker-died', heldForMs: 30_000 },
  ]);
  const back = await Promise.all(
    lost.map(({ ticket }, index) => server.ask(index + 1, { attempt: 2, media: 'webrtc', ticket })),
  );
  const seats = await Promise.all(back.map((one) => one.next('S', 'F')));
  expect(seats.map(({ head }) => head)).toMatchObject([
    { room: 'main', resumed: true, media: { kind: 'webrtc', ssrc: expect.any(Number) } },
    { room: 'main-overflow-1', resumed: true, media: { kind: 'webrtc', ssrc: expect.any(Number) } },
  ]);
  await deaf.roundTrip();
  await until(() => server.story('worker-ready').length === 2);
  expect(server.running.workerPid()).not.toBe(firstPid);
  expect(server.story('worker-died', 'ejected')).toEqual([
    'worker-died',
    'ejected 1 main worker-died',
    'ejected 2 main-overflow-1 worker-died',
  ]);
});

test('whoever is promoted keeps the voice of the overflow room, even when that room closes', async () => {
  const server = await mediaServer(2);
  const others = [await server.seat(1), await server.seat(3)];
  const bob = await server.ask(2, { media: 'webrtc' });
  await bob.next('S');
  bob.send('c', { fingerprint: { algorithm: 'sha-256', value: `${'AA:'.repeat(31)}AA` } });
  await bob.next('C');
  for (const other of others) other.send('q', {});
  expect((await bob.next('M')).head).toMatchObject({ room: 'main', media: null });
  bob.send('c', { fingerprint: { algorithm: 'sha-256', value: `${'AA:'.repeat(31)}AA` } });
  expect((await bob.next('X')).head.code).toBe('wrong-state');
  await until(() => server.story('room-closed').length > 0);
  await bob.roundTrip();
  expect(server.story('ejected')).toEqual([]);
});

test('an rtp listener gets a key, and must answer with a sink on loopback', async () => {
  const server = await mediaServer(1);
  const ada = await server.ask(1, { media: 'rtp' });
  const { media } = (await ada.next('S')).head;
  expect(media).toMatchObject({ kind: 'rtp', cryptoSuite: 'AES_CM_128_HMAC_SHA1_80', frameMs: 60 });
  const sink = { port: 9, srtpKeyBase64: media.srtpKeyBase64 };
  ada.send('c', { fingerprint: { algorithm: 'sha-256', value: `${'AA:'.repeat(31)}AA` } });
  expect((await ada.next('X')).head.code).toBe('wrong-state');
  ada.send('c', { sink: { ...sink, ip: '192.0.2.1' } });
  expect((await ada.next('X')).head.code).toBe('bad-message');
  ada.send('c', { sink: { ...sink, ip: '127.0.0.9' } });
  expect((await ada.next('C')).head).toEqual({});
  expect(server.story('ejected')).toEqual([]);
});

test('a closed room keeps its voice until its last listener is gone, and opens again', async () => {
  const errors: unknown[] = [];
  const voices = new Voices(
    startMedia,
    { frameMs: 60, workers: 1, rtcPort: 0, host: '127.0.0.1', workerBin, iceConsentMs: 30_000 },
    { onDied: () => errors.push('died'), onReady: () => {} },
  );
  onTestFinished(() => voices.stop());
  voices.open('main', null);
  voices.open('relay', 'main');
  await voices.ready();
  const first = await voices.addListener('relay', 'rtp', { onLost: () => {} });
  voices.close('relay');
  const second = await voices.addListener('relay', 'rtp', { onLost: () => {} });
  second.close();
  second.close();
  await (await voices.addListener('relay', 'rtp', { onLost: () => {} })).close();
  first.close();
  await expect(voices.addListener('relay', 'rtp', { onLost: () => {} })).rejects.toThrow('has no voice');
  voices.open('relay', 'main');
  await voices.ready();
  (await voices.addListener('relay', 'rtp', { onLost: () => {} })).close();
  expect(errors).toEqual([]);
});
