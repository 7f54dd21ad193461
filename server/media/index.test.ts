import { EventEmitter, once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { readSetup } from '../../setup/paths.ts';
import { mediaOffer, type RtpOffer, webrtcOffer } from '../protocol/messages.ts';
import { MediaError } from './errors.ts';
import { startMedia } from './index.ts';
import type { ListenerMedia } from './port.ts';
import { consentSeconds } from './webrtc-listener.ts';
import { leastLoaded, type MediaWorker } from './worker.ts';

const { workerBin } = readSetup();
const base = {
  frameMs: 60,
  workers: 1,
  rtcPort: 0,
  host: '127.0.0.1',
  workerBin,
  iceConsentMs: 30_000,
} as const;
const ignore = () => undefined;
const hooks = { onLost: ignore };
const code = (wanted: string) => (error: unknown) => error instanceof MediaError && error.code === wanted;

describe('startMedia', () => {
  it('offers every listener the same port and fingerprint, and an SSRC of its own', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    const media = await startMedia({ ...base, onWorkerDied: ignore });
    await media.openRoom('main', null);
    await media.openRoom('overflow-1', 'main');
    const listeners = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        media.addListener(index % 2 ? 'overflow-1' : 'main', 'webrtc', hooks),
      ),
    );
    const offers = listeners.map(({ offer }) => webrtcOffer.parse(offer));
    expect(new Set(offers.map(({ candidates }) => candidates[0]?.port)).size).toBe(1);
    expect(new Set(offers.map(({ fingerprint }) => fingerprint.value)).size).toBe(1);
    expect(new Set(offers.map(({ ssrc }) => ssrc)).size).toBe(40);
    expect(offers.every(({ frameMs, payloadType }) => frameMs === 60 && payloadType === 100)).toBe(true);
    for (const listener of listeners) {
      listener.close();
      listener.close();
    }
    await media.close();
    await media.close();
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });

  it('names what it cannot do', async () => {
    const media = await startMedia({ ...base, onWorkerDied: ignore });
    await media.openRoom('main', null);
    await expect(media.openRoom('main', null)).rejects.toSatisfy(code('media-room-exists'));
    await expect(media.openRoom('overflow-1', 'nowhere')).rejects.toSatisfy(code('media-unknown-room'));
    await expect(media.addListener('nowhere', 'webrtc', hooks)).rejects.toSatisfy(code('media-unknown-room'));
    await media.closeRoom('nowhere');
    await media.closeRoom('main');
    await media.openRoom('main', null);
    const { offer } = await media.addListener('main', 'webrtc', hooks);
    const port = webrtcOffer.parse(offer).candidates[0]?.port as number;
    await expect(startMedia({ ...base, rtcPort: port, onWorkerDied: ignore })).rejects.toSatisfy(
      code('media-no-port'),
    );
    await expect(
      startMedia({ ...base, workerBin: '/nowhere/worker', onWorkerDied: ignore }),
    ).rejects.toSatisfy(code('media-no-worker'));
    await media.close();
    await expect(media.addListener('main', 'webrtc', hooks)).rejects.toSatisfy(code('media-closed'));
  });

  it('survives the death of its worker: told once, quiet when closing, refusing when asked, startable again', async () => {
    const told = new EventEmitter();
    let deaths = 0;
    const options = {
      ...base,
      onWorkerDied: () => {
        deaths += 1;
        told.emit('death');
      },
    };
    const media = await startMedia(options);
    await media.openRoom('main', null);
    const listener = await media.addListener('main', 'webrtc', {
      onLost: () => {
        throw new Error('a dead worker is told by onWorkerDied, not for every listener');
      },
    });
    const death = once(told, 'death');
    process.kill(media.workerPid, 'SIGKILL');
    const underway = media.addListener('main', 'webrtc', hooks);
    await expect(underway).rejects.toSatisfy(code('media-closed'));
    await death;
    listener.close();
    await media.closeRoom('main');
    await expect(media.openRoom('main', null)).rejects.toSatisfy(code('media-closed'));
    const fingerprint = { algorithm: 'sha-256', value: 'AA' } as const;
    await expect(listener.connect({ fingerprint })).rejects.toSatisfy(code('media-closed'));
    await media.close();
    expect(deaths).toBe(1);

    const again = await startMedia(options);
    await again.openRoom('main', null);
    expect((await again.addListener('main', 'webrtc', hooks)).offer.frameMs).toBe(60);
    await again.close();
    expect(deaths).toBe(1);
  });
});

describe('an rtp listener', () => {
  const key = 'A'.repeat(40);

  it('has a key and an SSRC of its own, and is answered with a sink on loopback only', async () => {
    const media = await startMedia({ ...base, onWorkerDied: ignore });
    await media.openRoom('main', null);
    const flowing: number[] = [];
    const listeners = await Promise.all(
      [0, 1, 2].map((nth) =>
        media.addListener('main', 'rtp', { ...hooks, onFlowing: () => flowing.push(nth) }),
      ),
    );
    const offers = listeners.map(({ offer }) => mediaOffer.parse(offer) as RtpOffer);
    expect(offers.every(({ kind, frameMs }) => kind === 'rtp' && frameMs === 60)).toBe(true);
    expect(new Set(offers.map(({ ssrc }) => ssrc)).size).toBe(3);
    expect(new Set(offers.map(({ srtpKeyBase64 }) => srtpKeyBase64)).size).toBe(3);
    const [first, second] = listeners as [ListenerMedia, ListenerMedia];
    for (const ip of ['192.0.2.1', '0.0.0.0', '127.0.0.1.evil.example', '::1']) {
      const sink = { ip, port: 9, srtpKeyBase64: key };
      await expect(first.connect({ sink })).rejects.toSatisfy(code('media-wrong-answer'));
    }
    const fingerprint = { algorithm: 'sha-256', value: `${'AA:'.repeat(31)}AA` } as const;
    await expect(first.connect({ fingerprint })).rejects.toSatisfy(code('media-wrong-answer'));
    expect(flowing).toEqual([]);
    await second.connect({ sink: { ip: '127.0.0.7', port: 9, srtpKeyBase64: key } });
    expect(flowing).toEqual([1]);
    const real = await media.addListener('main', 'webrtc', hooks);
    const sink = { ip: '127.0.0.1', port: 9, srtpKeyBase64: key };
    await expect(real.connect({ sink })).rejects.toSatisfy(code('media-wrong-answer'));
    await media.close();
  });

  it('leaves no transport behind, whatever the medium and wherever it stopped', async () => {
    const media = await startMedia({ ...base, workers: 2, onWorkerDied: ignore });
    await media.openRoom('main', null);
    await media.openRoom('overflow-1', 'main');
    await media.openRoom('overflow-2', 'main');
    expect(await media.transports()).toBe(0);
    const listeners = await Promise.all(
      ['main', 'overflow-1', 'overflow-2'].flatMap((room) => [
        media.addListener(room, 'webrtc', hooks),
        media.addListener(room, 'rtp', hooks),
      ]),
    );
    expect(await media.transports()).toBe(6);
    await listeners[1]?.connect({ sink: { ip: '127.0.0.1', port: 9, srtpKeyBase64: key } });
    for (const listener of listeners) listener.close();
    expect(await media.transports()).toBe(0);
    await media.close();
  });
});

describe('several workers', () => {
  it('end together: one that dies ends all of media, once', async () => {
    const told = new EventEmitter();
    let deaths = 0;
    const onWorkerDied = () => {
      deaths += 1;
      told.emit('death');
    };
    const media = await startMedia({ ...base, workers: 2, onWorkerDied });
    await media.openRoom('main', null);
    await media.openRoom('overflow-1', 'main');
    const death = once(told, 'death');
    process.kill(media.workerPid, 'SIGKILL');
    await death;
    await expect(media.addListener('overflow-1', 'rtp', hooks)).rejects.toSatisfy(code('media-closed'));
    await media.close();
    expect(deaths).toBe(1);
  });

  it('take rooms by load, and a relay away from its source', () => {
    const worker = (rooms: number, listeners: number) => ({ rooms, listeners }) as MediaWorker;
    const [full, busy, idle] = [worker(1, 500), worker(2, 3), worker(1, 3)];
    expect(leastLoaded([full], full)).toBe(full);
    expect(leastLoaded([full, busy], full)).toBe(busy);
    expect(leastLoaded([full, busy, idle], full)).toBe(idle);
    expect(leastLoaded([full, busy, idle], idle)).toBe(busy);
    expect(leastLoaded([busy, idle], null)).toBe(idle);
  });
});

describe('consentSeconds', () => {
  it('stays within what ICE consent allows here', () => {
    expect([1, 9_400, 10_000, 30_400, 90_000].map(consentSeconds)).toEqual([10, 10, 10, 30, 60]);
  });
});
