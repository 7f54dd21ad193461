/** How much later a listener of an overflow room hears the same frame. */
import type { PeerSample } from '../peer-pool.ts';

export type RelayLag = { readonly personId: number; readonly lagMs: number };

/**
 * Pairs every overflow listener with a main-room listener whose last packet had the same RTP timestamp, both read
 * in one sample of one process, and gives the difference of the two arrivals in ms (negative: overflow was first).
 *
 * mediasoup passes the host's timestamps through consumers and pipes unchanged, so an equal timestamp is the same
 * frame. The worker serves a room's listeners one after the other; of several main-room listeners with the frame
 * the one in the middle stands for the room. A listener without a partner (read between the arrivals of both rooms)
 * gives no sample.
 */
export function relayLag(main: readonly PeerSample[], overflow: readonly PeerSample[]): RelayLag[] {
  const arrivals = new Map<number, bigint[]>();
  for (const { lastRtpTimestamp, lastNs } of main) {
    if (lastNs !== null) {
      const sameFrame = arrivals.get(lastRtpTimestamp);
      if (sameFrame === undefined) {
        arrivals.set(lastRtpTimestamp, [lastNs]);
      } else {
        sameFrame.push(lastNs);
      }
    }
  }
  const middle = new Map<number, bigint>();
  for (const [timestamp, times] of arrivals) {
    times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    middle.set(timestamp, times[(times.length - 1) >> 1] as bigint);
  }
  return overflow.flatMap(({ personId, lastRtpTimestamp, lastNs }) => {
    const partnerNs = middle.get(lastRtpTimestamp);
    return lastNs === null || partnerNs === undefined
      ? []
      : [{ personId, lagMs: Number(lastNs - partnerNs) / 1e6 }];
  });
}
