import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMedia } from '../../../server/media/index.ts';
import type { ListenerMedia, Media } from '../../../server/media/port.ts';
import { readSetup } from '../../../setup/paths.ts';
import { createMeterFile } from '../meter/meter.ts';
import type { Peer, PeerEvents, PeerPool, PeerSample } from '../peer-pool.ts';
import { relayLag } from '../webrtc/relay-lag.ts';
import { createRtpPool } from './index.ts';

const setup = readSetup();
const folder = mkdtempSync(join(tmpdir(), 'roomrush-rtp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FRAME_TICKS = 960;
const noEvents: PeerEvents = { onIce() {}, onDtls() {}, onFirstPacket() {}, onLost() {} };

let files = 0;
async function openPool(onSinkEnded: (how: string) => void = () => undefined): Promise<PeerPool> {
  files += 1;
  const meterFile = join(folder, `meter-${files}.bin`);
  createMeterFile(meterFile);
  return createRtpPool({ program: setup.rtpSink as string, meterFile, onSinkEnded });
}

describe.skipIf(setup.rtpSink === null)('20 rtp listeners on two workers', () => {
  const LISTENERS = 20;
  const room = (personId: number) => (personId < 12 ? 'main' : 'overflow-1');
  const listeners: ListenerMedia[] = [];
  const peers: Peer[] = [];
  const firstNs = new Map<number, bigint>();
  let media: Media;
  let pool: PeerPool;

  async function sampleUntil(wanted: (samples: readonly PeerSample[]) => boolean): Promise<PeerSample[][]> {
    const all: PeerSample[][] = [];
    do {
      await new Promise((resolve) => setTimeout(resolve, 20));
      all.push([...pool.sample()]);
    } while (!wanted(all.at(-1)!));
    return all;
  }

  beforeAll(async () => {
    media = await startMedia({
      frameMs: 20,
      workers: 2,
      rtcPort: 0,
      host: '127.0.0.1',
      workerBin: setup.workerBin,
      iceConsentMs: 10_000,
      onWorkerDied: () => undefined,
    });
    await media.openRoom('main', null);
    await media.openRoom('overflow-1', 'main');
    pool = await openPool();
    const told = new EventEmitter().setMaxListeners(0);
    await Promise.all(
      Array.from({ length: LISTENERS }, async (_, personId) => {
        const listener = await media.addListener(room(personId), 'rtp', { onLost: () => undefined });
        listeners.push(listener);
        const first = once(told, `${personId}`);
        const onFirstPacket = (tNs: bigint) => void told.emit(`${personId}`, tNs);
        const peer = await pool.open(personId, listener.offer, true, false, { ...noEvents, onFirstPacket });
        peers[personId] = peer;
        await listener.connect(peer.answer);
        firstNs.set(personId, (await first)[0] as bigint);
      }),
    );
  });
  afterAll(async () => {
    await pool.close();
    await media.close();
  });

  it('counts every frame of both rooms, which carry one voice', async () => {
    const all = await sampleUntil((samples) => samples.every(({ packetsTotal }) => packetsTotal >= 50));
    const last = all.at(-1)!;
    expect(last.map(({ personId }) => personId).sort((a, b) => a - b)).toEqual([...Array(LISTENERS).keys()]);
    for (const sample of last) {
      expect(sample.firstNs).toBe(firstNs.get(sample.personId));
      expect(sample.lostTotal).toBe(0);
      const ticks = (sample.lastRtpTimestamp - sample.firstRtpTimestamp) >>> 0;
      expect(sample.packetsTotal).toBe(ticks / FRAME_TICKS + 1);
      expect(sample.authenticatedPackets).toBeNull();
      // A header, Opus, and the 10 bytes with which SRTP signs.
      expect(sample.bytesTotal / sample.packetsTotal).toBeGreaterThan(22);
    }
    const lags = all.flatMap((samples) =>
      relayLag(
        samples.filter(({ personId }) => room(personId) === 'main'),
        samples.filter(({ personId }) => room(personId) !== 'main'),
      ),
    );
    expect(new Set(lags.map(({ personId }) => room(personId)))).toEqual(new Set(['overflow-1']));
  });

  it('forgets who leaves and who falls silent, and has room for their successors', async () => {
    peers[3]?.close();
    peers[3]?.close();
    expect(peers[19]?.silence()).toBe(true);
    expect(pool.sample().some(({ personId }) => personId === 3 || personId === 19)).toBe(false);
    expect(pool.peek(3)).toBeNull();
    expect(pool.size).toBe(LISTENERS - 2);
    for (const listener of listeners) listener.close();
    expect(await media.transports()).toBe(0);
  });

  it('refuses an offer of another medium and an SSRC that it counts already', async () => {
    const foreign = pool.open(30, { kind: 'webrtc' } as never, true, false, noEvents);
    await expect(foreign).rejects.toMatchObject({ code: 'peer-wrong-offer' });
    const again = pool.open(30, listeners[0]!.offer, true, false, noEvents);
    await expect(again).rejects.toMatchObject({ code: 'peer-no-slot' });
  });
});

describe.skipIf(setup.rtpSink === null)('the sink', () => {
  it('ends with its pool, which then opens nothing more', async () => {
    const told: string[] = [];
    const pool = await openPool((how) => told.push(how));
    await pool.close();
    await pool.close();
    expect(() => process.kill(pool.receiverPid, 0)).toThrow('ESRCH');
    expect(told).toEqual([]);
    await expect(pool.open(1, {} as never, true, false, noEvents)).rejects.toThrow('The pool is closed');
  });

  it('is missed when it ends by itself', async () => {
    const ended = Promise.withResolvers<string>();
    const pool = await openPool(ended.resolve);
    process.kill(pool.receiverPid, 'SIGKILL');
    expect(await ended.promise).toBe('SIGKILL');
    await pool.close();
  });

  it('says what is wrong when it cannot start', async () => {
    const options = { meterFile: join(folder, 'none.bin'), onSinkEnded: () => undefined };
    const started = createRtpPool({ ...options, program: setup.rtpSink as string });
    await expect(started).rejects.toMatchObject({ code: 'rtp-sink', exitCode: 5 });
    const nowhere = createRtpPool({ ...options, program: join(folder, 'no-such-program') });
    await expect(nowhere).rejects.toThrow('ENOENT');
  });
});
