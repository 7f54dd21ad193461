/**
 * What one second of the audio was like, by the browser's own statistics (webrtc-stats, inbound-rtp), which count from
 * the beginning of a stream.
 */

export type AudioSecond = {
  readonly packets: number;
  /** Below 0 when packets came that had been given up. */
  readonly lost: number;
  /** Of the samples that were played, the share that the decoder made up, silence not counted; null: nothing was played. */
  readonly concealedShare: number | null;
  /** How long a sample waited in the jitter buffer, mean, ms; null: none came out of it. */
  readonly jitterBufferMs: number | null;
};

/** Figures that a browser does not give count as 0. */
function totals(stats: RTCInboundRtpStreamStats) {
  const { packetsReceived = 0, packetsLost = 0, totalSamplesReceived = 0 } = stats;
  const { concealedSamples = 0, silentConcealedSamples = 0 } = stats;
  const { jitterBufferDelay = 0, jitterBufferEmittedCount = 0 } = stats;
  return {
    stream: stats.id,
    packets: packetsReceived,
    lost: packetsLost,
    samples: totalSamplesReceived,
    concealed: concealedSamples - silentConcealedSamples,
    waitedS: jitterBufferDelay,
    emitted: jitterBufferEmittedCount,
  };
}

const NOTHING = { packets: 0, lost: 0, samples: 0, concealed: 0, waitedS: 0, emitted: 0 };

export class AudioSeconds {
  #before: ReturnType<typeof totals> | null = null;

  /** @returns what happened since the last call; null before the first packet of a stream. */
  take(stats: RTCInboundRtpStreamStats | null): AudioSecond | null {
    if (stats === null) {
      this.#before = null;
      return null;
    }
    const now = totals(stats);
    if (now.packets === 0) return null;
    // Whoever is moved gets another stream, whose figures begin at 0 again.
    const isSame = this.#before?.stream === now.stream && this.#before.packets <= now.packets;
    const before = isSame && this.#before !== null ? this.#before : NOTHING;
    this.#before = now;
    const samples = now.samples - before.samples;
    const emitted = now.emitted - before.emitted;
    return {
      packets: now.packets - before.packets,
      lost: now.lost - before.lost,
      concealedShare: samples > 0 ? Math.max(0, now.concealed - before.concealed) / samples : null,
      jitterBufferMs: emitted > 0 ? (1000 * (now.waitedS - before.waitedS)) / emitted : null,
    };
  }
}
