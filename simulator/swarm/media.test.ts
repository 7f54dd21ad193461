/** The order in which offers, answers, sounds and leave-takings come in, on a pool that does what it is told. */
import { expect, test } from 'vitest';
import type { EventWriter } from '../../events/writer.ts';
import type { MediaAnswer, MediaOffer } from '../../server/protocol/messages.ts';
import {
  type Peer,
  PeerError,
  type PeerEvents,
  type PeerPool,
  type PeerSample,
} from '../bodies/peer-pool.ts';
import type { ListenerEvent } from '../listener/events.ts';
import { MediaSide } from './media.ts';

const offer = { mid: '0' } as MediaOffer;

function sampleOf(personId: number, over: Partial<PeerSample> = {}): PeerSample {
  return {
    personId,
    slot: personId,
    ssrc: personId,
    packets: 16,
    lost: 0,
    longestGapMs: 61,
    rtpGapMs: 60,
    jitterMs: 0.2,
    packetsTotal: 100,
    lostTotal: 0,
    bytesTotal: 1,
    firstNs: 1n,
    lastNs: 5_000_000n,
    lateMs: 0,
    firstRtpTimestamp: 0,
    lastRtpTimestamp: 960,
    authenticatedPackets: null,
    ...over,
  };
}

/** A pool whose peers are opened by hand. */
function instrument(rooms: Readonly<Record<number, string>> = {}) {
  const said: string[] = [];
  const rows: string[] = [];
  const opened: { resolve: () => void; reject: (error: Error) => void; events: PeerEvents }[] = [];
  let samples: readonly PeerSample[] = [];
  const pool: PeerPool = {
    size: 0,
    queued: 0,
    receiverPid: process.pid,
    meter: { kind: 'native', lateness: '' },
    open: (_personId, _offer, _counted, _withCallback, events) =>
      new Promise<Peer>((resolve, reject) => {
        const name = `peer ${opened.length}`;
        const peer: Peer = {
          answer: { fingerprint: { algorithm: 'sha-256', value: name } },
          close: () => said.push(`${name} closed`),
          silence: () => said.push(`${name} silent`) > 0,
          peek: () => null,
        };
        opened.push({ resolve: () => resolve(peer), reject, events });
      }),
    sample: () => samples,
    peek: (personId) => samples.find((sample) => sample.personId === personId) ?? null,
    close: async () => {},
  };
  const log: EventWriter = {
    rowsLost: 0,
    row: (type, personId, _attempt, _connection, room, _cause, value, lost, gapMs, tNs, lateMs, jitterMs) => {
      expect(tNs).toBeUndefined();
      const media = type === 'media' ? ` lost ${lost} gap ${gapMs} late ${lateMs} jitter ${jitterMs}` : '';
      rows.push(`${type} ${personId} ${room} ${value}${media}`);
    },
    flushSync: () => {},
    close: async () => {},
  };
  const media = new MediaSide({
    kind: 'webrtc',
    pool,
    log,
    frameMs: 60,
    mainRoom: 'main',
    withCallback: () => false,
    roomOf: (personId) => rooms[personId] ?? 'main',
  });
  const hears = (event: ListenerEvent) =>
    void said.push(event.type === 'media-answer' ? `answer ${nameIn(event.answer)}` : event.type);
  /** Lets promises that are settled tell their owners. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const setSamples = (now: readonly PeerSample[]) => {
    samples = now;
  };
  return { media, said, rows, opened, hears, settle, setSamples };
}

function nameIn(answer: MediaAnswer): string {
  return 'fingerprint' in answer ? answer.fingerprint.value : answer.sink.ip;
}

test('a move keeps the old audio until the new one sounds', async () => {
  const { media, said, opened, hears, settle } = instrument();
  media.connect(1, offer, hears);
  opened[0]!.resolve();
  await settle();
  opened[0]!.events.onFirstPacket(1n);
  media.connect(1, offer, hears);
  opened[1]!.resolve();
  await settle();
  opened[0]!.events.onLost();
  expect(said).toEqual(['answer peer 0', 'first-audio', 'answer peer 1']);
  opened[1]!.events.onFirstPacket(2n);
  expect(said.slice(3)).toEqual(['peer 0 closed', 'first-audio']);
});

test('whoever goes while a peer is being opened is told nothing more, and the peer follows', async () => {
  const { media, said, opened, hears, settle } = instrument();
  media.connect(1, offer, hears);
  media.close(1);
  media.connect(2, offer, hears);
  media.silence(2);
  for (const one of opened) one.resolve();
  await settle();
  for (const one of opened) one.events.onLost();
  expect(said).toEqual(['peer 0 closed', 'peer 1 silent']);
});

test('a peer that cannot be opened is trouble of ours', async () => {
  const { media, said, opened, hears, settle } = instrument();
  media.connect(1, offer, hears);
  opened[0]!.reject(new PeerError('peer-queue-full', 'full'));
  await settle();
  expect(said).toEqual([]);
  expect([...media.troubles]).toEqual([['peer-queue-full', 1]]);
});

test('each second: what was counted, how late the overflow room hears, what a move cost', () => {
  const { media, rows, setSamples } = instrument({ 2: 'overflow-1' });
  setSamples([
    sampleOf(1, { lost: 1, lateMs: 650.46, jitterMs: 1.23456 }),
    sampleOf(2, { lastNs: 8_000_000n, lateMs: -0.26, jitterMs: null }),
  ]);
  media.second();
  // Lateness by a tenth of a millisecond, jitter by a microsecond.
  expect(rows).toEqual([
    'media 1 main 16 lost 1 gap 61 late 650.5 jitter 1.235',
    'media 2 overflow-1 16 lost 0 gap 61 late -0.3 jitter null',
    'relay-lag 2 overflow-1 3',
  ]);
  media.moved(1);
  media.second();
  setSamples([sampleOf(1, { lostTotal: 2 })]);
  rows.length = 0;
  media.second();
  expect(rows).toEqual(['media 1 main 16 lost 0 gap 61 late 0 jitter 0.2', 'promotion-gap 1 main 120']);
});
