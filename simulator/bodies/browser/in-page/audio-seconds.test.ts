import { expect, test } from 'vitest';
import { AudioSeconds } from './audio-seconds.ts';

const stats = (id: string, figures: Partial<RTCInboundRtpStreamStats>) =>
  ({ id, kind: 'audio', ssrc: 1, timestamp: 0, type: 'inbound-rtp', ...figures }) as RTCInboundRtpStreamStats;

test('each second is what came since the one before', () => {
  const seconds = new AudioSeconds();
  expect(seconds.take(null)).toBeNull();
  expect(seconds.take(stats('a', { packetsReceived: 0 }))).toBeNull();
  const first = { packetsReceived: 10, packetsLost: 1, totalSamplesReceived: 1_000 };
  expect(seconds.take(stats('a', first))).toEqual({
    ...{ packets: 10, lost: 1, concealedShare: 0, jitterBufferMs: null },
  });
  const second = {
    ...{ packetsReceived: 26, packetsLost: 1, totalSamplesReceived: 5_000 },
    ...{ concealedSamples: 900, silentConcealedSamples: 500 },
    ...{ jitterBufferDelay: 90, jitterBufferEmittedCount: 2_000 },
  };
  expect(seconds.take(stats('a', second))).toEqual({
    ...{ packets: 16, lost: 0, concealedShare: 0.1, jitterBufferMs: 45 },
  });
  // Nothing came, and a packet that was given up did.
  expect(seconds.take(stats('a', { ...second, packetsLost: 0 }))).toEqual({
    ...{ packets: 0, lost: -1, concealedShare: null, jitterBufferMs: null },
  });
});

test('another stream begins at 0', () => {
  const seconds = new AudioSeconds();
  seconds.take(stats('a', { packetsReceived: 100, packetsLost: 7 }));
  expect(seconds.take(stats('b', { packetsReceived: 120, packetsLost: 2 }))).toMatchObject({
    ...{ packets: 120, lost: 2 },
  });
  expect(seconds.take(stats('b', { packetsReceived: 3 }))).toMatchObject({ packets: 3, lost: 0 });
});
