import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMedia } from '../../../server/media/index.ts';
import type { ListenerMedia, Media } from '../../../server/media/port.ts';
import type { MediaAnswer, WebrtcOffer } from '../../../server/protocol/messages.ts';
import { readSetup } from '../../../setup/paths.ts';
import { createMeterFile, meterEnvironment } from '../meter/meter.ts';
import type { Peer, PeerSample } from '../peer-pool.ts';
import { createPeerPool } from './index.ts';
import type { FromPeers, PeersSample, ToPeers } from './peers.child.ts';
import { relayLag } from './relay-lag.ts';

/** Distributes over the union, which Omit does not. */
type Ask = ToPeers extends infer Each ? (Each extends ToPeers ? Omit<Each, 'n'> : never) : never;

const setup = readSetup();
const folder = mkdtempSync(join(tmpdir(), 'roomrush-webrtc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(onWorkerDied: () => void = () => undefined): Promise<Media> {
  return startMedia({
    frameMs: 20,
    workers: 1,
    rtcPort: 0,
    host: '127.0.0.1',
    workerBin: setup.workerBin,
    iceConsentMs: 10_000,
    onWorkerDied,
  });
}

/** The child with the pool, spoken to by messages. */
class Peers extends EventEmitter {
  readonly child: ChildProcess;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #n = 0;

  constructor(library: string) {
    super();
    const file = join(folder, 'meter.bin');
    createMeterFile(file);
    this.setMaxListeners(0);
    this.child = fork(fileURLToPath(new URL('peers.child.ts', import.meta.url)), {
      env: { ...process.env, ...meterEnvironment(library, file) },
      serialization: 'advanced',
    });
    this.child.on('message', (message: FromPeers) => {
      if ('n' in message) {
        this.#answers.get(message.n)?.(message.answer);
      } else {
        this.emit(`${message.personId} ${message.event}`, message.tNs);
      }
    });
  }

  ask<Answer>(ask: Ask): Promise<Answer> {
    this.#n += 1;
    const n = this.#n;
    this.child.send({ ...ask, n } as ToPeers);
    return new Promise((resolve) => {
      this.#answers.set(n, (answer) => resolve(answer as Answer));
    });
  }

  /** Takes samples until one of them is as wanted, and hands back all of them. */
  async sampleUntil(wanted: (samples: PeersSample) => boolean): Promise<PeersSample[]> {
    const all: PeersSample[] = [];
    do {
      all.push(await this.ask<PeersSample>({ ask: 'sample' }));
    } while (!wanted(all.at(-1) as PeersSample));
    return all;
  }
}

describe.skipIf(setup.packetMeter === null)('20 listeners, counted by the native meter', () => {
  const LISTENERS = 20;
  const room = (personId: number) => (personId < 12 ? 'main' : 'overflow-1');
  const lost = new EventEmitter();
  const listeners: ListenerMedia[] = [];
  const firstNs = new Map<number, bigint>();
  let media: Media;
  let peers: Peers;

  beforeAll(async () => {
    media = await start();
    await media.openRoom('main', null);
    await media.openRoom('overflow-1', 'main');
    peers = new Peers(setup.packetMeter as string);
    await Promise.all(
      Array.from({ length: LISTENERS }, async (_, personId) => {
        const listener = await media.addListener(room(personId), 'webrtc', {
          onLost: (cause) => lost.emit(`${personId}`, cause),
        });
        listeners.push(listener);
        const first = once(peers, `${personId} first-packet`);
        const withCallback = personId % 4 === 0;
        const answer = await peers.ask<MediaAnswer>({
          ask: 'open',
          personId,
          offer: listener.offer,
          withCallback,
        });
        await listener.connect(answer);
        firstNs.set(personId, (await first)[0] as bigint);
      }),
    );
  });
  afterAll(() => media.close());

  it('tells of the first packet of each, as the meter saw it', async () => {
    const samples = await peers.ask<PeersSample>({ ask: 'sample' });
    expect(samples.map(({ personId }) => personId).sort((a, b) => a - b)).toEqual([
      ...Array(LISTENERS).keys(),
    ]);
    for (const { personId, firstNs: measured } of samples) {
      expect(measured).toBe(firstNs.get(personId));
    }
  });

  it('hears every frame in both rooms, and knows how much later the overflow room hears it', async () => {
    const all = await peers.sampleUntil((samples) => samples.every(({ packetsTotal }) => packetsTotal >= 50));
    for (const { packetsTotal, lostTotal, firstRtpTimestamp, lastRtpTimestamp } of all.at(
      -1,
    ) as PeersSample) {
      expect(lostTotal).toBe(0);
      // One packet a frame of the host's clock, first to last: the relay passes timestamps on unchanged.
      expect(packetsTotal).toBe(((lastRtpTimestamp - firstRtpTimestamp) >>> 0) / 960 + 1);
    }
    const clocks = (all.at(-1) as PeersSample).map(({ lastRtpTimestamp }) => lastRtpTimestamp);
    expect(((Math.max(...clocks) - Math.min(...clocks)) | 0) / 960).toBeLessThanOrEqual(2);
    const lags = all.flatMap((samples) =>
      relayLag(
        samples.filter(({ personId }) => room(personId) === 'main'),
        samples.filter(({ personId }) => room(personId) !== 'main'),
      ),
    );
    expect(lags.length).toBeGreaterThan(0);
    expect(new Set(lags.map(({ personId }) => room(personId)))).toEqual(new Set(['overflow-1']));
  });

  it('lets the server learn of a silent leaver by timeout alone', async () => {
    const told = once(lost, '19');
    expect(await peers.ask({ ask: 'silence', personId: 19 })).toBe(true);
    const silentNs = process.hrtime.bigint();
    expect(await told).toEqual(['media-lost']);
    // The consent timeout of 10 s runs from the last consent, which came at most 5 s before the silence.
    expect(Number(process.hrtime.bigint() - silentNs) / 1e6).toBeGreaterThan(4000);
    const samples = await peers.ask<PeersSample>({ ask: 'sample' });
    expect(samples.some(({ personId }) => personId === 19)).toBe(false);
  });

  it('counts packet for packet what the callbacks of the subset decrypted', async () => {
    await media.closeRoom('overflow-1');
    await media.closeRoom('main');
    // Nothing flows any more, so what is still on its way to JavaScript arrives and both counts become final.
    const all = await peers.sampleUntil((samples) => {
      const subset = samples.filter(({ authenticatedPackets }) => authenticatedPackets !== null);
      return subset.every(({ packetsTotal, authenticatedPackets }) => packetsTotal === authenticatedPackets);
    });
    const subset = (all.at(-1) as PeersSample).filter((sample) => sample.authenticatedPackets !== null);
    expect(subset.map(({ personId }) => personId).sort((a, b) => a - b)).toEqual([0, 4, 8, 12, 16]);
    expect(subset.every(({ packetsTotal }) => packetsTotal > 50)).toBe(true);
  });

  it('closes everybody and lets its process end', async () => {
    const exited = once(peers.child, 'exit');
    await peers.ask({ ask: 'close', personId: 3 });
    expect(await peers.ask({ ask: 'end' })).toBe(0);
    expect(await exited).toEqual([0, null]);
    for (const listener of listeners) {
      listener.close();
      listener.close();
    }
  });
});

describe('the pool without a native meter', () => {
  it('counts by callback, and sees the server die', async () => {
    let died = 0;
    const media = await start(() => {
      died += 1;
    });
    await media.openRoom('main', null);
    const pool = createPeerPool({ meterFile: null, concurrency: 2 });
    expect(pool.meter.kind).toBe('callback');
    const events: string[] = [];
    const first = new EventEmitter();
    const firsts = [0, 1, 2, 3].map((personId) => once(first, `${personId}`));
    const peers = await Promise.all(
      [0, 1, 2, 3].map(async (personId): Promise<Peer> => {
        const listener = await media.addListener('main', 'webrtc', { onLost: () => undefined });
        const peer = await pool.open(personId, listener.offer, true, false, {
          onIce: () => events.push(`${personId} ice`),
          onDtls: () => events.push(`${personId} dtls`),
          onFirstPacket: () => first.emit(`${personId}`),
          onLost: () => events.push(`${personId} lost`),
        });
        await listener.connect(peer.answer);
        return peer;
      }),
    );
    await Promise.all(firsts);
    expect(events.toSorted()).toEqual([0, 1, 2, 3].flatMap((id) => [`${id} dtls`, `${id} ice`]));
    const samples: readonly PeerSample[] = pool.sample();
    expect(samples.map(({ personId }) => personId)).toEqual([0, 1, 2, 3]);
    for (const { packetsTotal, authenticatedPackets } of samples) {
      expect(packetsTotal).toBe(authenticatedPackets);
    }
    expect(pool.peek(2)?.packetsTotal).toBeGreaterThan(0);
    expect(peers[1]?.silence()).toBe(false);
    expect(pool.sample().map(({ personId }) => personId)).toEqual([0, 2, 3]);
    process.kill(media.workerPid, 'SIGKILL');
    await pool.close();
    expect(pool.size).toBe(0);
    await media.close();
    expect(died).toBeLessThanOrEqual(1);
    await expect(pool.open(9, { kind: 'webrtc' } as never, true, true, {} as never)).rejects.toThrow(
      'The pool is closed',
    );
  });

  it('says so when the stack refuses an offer', async () => {
    const media = await start();
    await media.openRoom('main', null);
    const { offer } = await media.addListener('main', 'webrtc', { onLost: () => undefined });
    const pool = createPeerPool({ meterFile: null, concurrency: 1 });
    const events = { onIce() {}, onDtls() {}, onFirstPacket() {}, onLost() {} };
    const bad = {
      ...(offer as WebrtcOffer),
      fingerprint: { algorithm: 'sha-256', value: 'no hash' },
    } as const;
    await expect(pool.open(0, bad, true, true, events)).rejects.toThrow('refused the offer');
    await pool.close();
    expect(pool.size).toBe(0);
    await media.close();
  });
});
