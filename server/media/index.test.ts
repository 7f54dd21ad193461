import { EventEmitter, once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { readSetup } from '../../setup/paths.ts';
import { mediaOffer } from '../protocol/messages.ts';
import { MediaError } from './errors.ts';
import { startMedia } from './index.ts';
import { consentSeconds } from './listener.ts';

const { workerBin } = readSetup();
const base = { frameMs: 60, rtcPort: 0, host: '127.0.0.1', workerBin, iceConsentMs: 30_000 } as const;
const ignore = () => undefined;
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
      Array.from({ length: 40 }, (_, index) => media.addListener(index % 2 ? 'overflow-1' : 'main', ignore)),
    );
    const offers = listeners.map(({ offer }) => mediaOffer.parse(offer));
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
    await expect(media.addListener('nowhere', ignore)).rejects.toSatisfy(code('media-unknown-room'));
    await media.closeRoom('nowhere');
    await media.closeRoom('main');
    await media.openRoom('main', null);
    const port = (await media.addListener('main', ignore)).offer.candidates[0]?.port as number;
    await expect(startMedia({ ...base, rtcPort: port, onWorkerDied: ignore })).rejects.toSatisfy(
      code('media-no-port'),
    );
    await expect(
      startMedia({ ...base, workerBin: '/nowhere/worker', onWorkerDied: ignore }),
    ).rejects.toSatisfy(code('media-no-worker'));
    await media.close();
    await expect(media.addListener('main', ignore)).rejects.toSatisfy(code('media-closed'));
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
    const listener = await media.addListener('main', () => {
      throw new Error('a dead worker is told by onWorkerDied, not for every listener');
    });
    const death = once(told, 'death');
    process.kill(media.workerPid, 'SIGKILL');
    const underway = media.addListener('main', ignore);
    await expect(underway).rejects.toSatisfy(code('media-closed'));
    await death;
    listener.close();
    await media.closeRoom('main');
    await expect(media.openRoom('main', null)).rejects.toSatisfy(code('media-closed'));
    const fingerprint = { algorithm: 'sha-256', value: 'AA' } as const;
    await expect(listener.connect(fingerprint)).rejects.toSatisfy(code('media-closed'));
    await media.close();
    expect(deaths).toBe(1);

    const again = await startMedia(options);
    await again.openRoom('main', null);
    expect((await again.addListener('main', ignore)).offer.frameMs).toBe(60);
    await again.close();
    expect(deaths).toBe(1);
  });
});

describe('consentSeconds', () => {
  it('stays within what ICE consent allows here', () => {
    expect([1, 9_400, 10_000, 30_400, 90_000].map(consentSeconds)).toEqual([10, 10, 10, 30, 60]);
  });
});
