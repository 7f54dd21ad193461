/**
 * The phases of media against a known truth: a relay between real WebRTC listeners and a real media worker passes every
 * packet on later by a known time, and notes when it passed on what ends a phase.
 *
 * How many one-way delays a phase has: ICE (RFC 8445) two, a check and its answer, as the first pair that passes is the
 * one that is used. DTLS 1.2 (RFC 6347) four: ClientHello; ServerHello to ServerHelloDone; the client's keys and Finished;
 * the server's Finished. The worker asks for no cookie. First audio none on top of DTLS: the worker may send as soon as it
 * has sent its Finished, and both are on their way for as long. So the whole way from the seat to the first sound has six.
 *
 * JavaScript hears of ICE and DTLS some ms late; the native meter sees packets where they arrive.
 */
import { beforeAll, expect, test } from 'vitest';
import { latenessMs, MEDIA_ENDS, msBetween, nearestRank } from './figures.ts';
import { playRelayed, type Relayed } from './relayed-night.ts';

const ARRIVALS = 40;
const ONE_WAY_MS = 20;
const FIXED_MS = 2;
const SHARE = 0.02;
const ROUNDING_MS = 0.01;

let direct: Relayed;
let delayed: Relayed;
beforeAll(async () => {
  direct = await playRelayed(ARRIVALS, 0);
  delayed = await playRelayed(ARRIVALS, ONE_WAY_MS);
}, 120_000);

const median = (samples: readonly number[]) => nearestRank(samples, 0.5);

test('the relay delayed as it was told to, and everybody was heard through it', () => {
  expect(direct.ledger.oneWayMs).toBeLessThan(0.5);
  expect(delayed.ledger.oneWayMs).toBeGreaterThanOrEqual(ONE_WAY_MS - 1);
  for (const { summary, ledger } of [direct, delayed]) {
    // One was there before.
    expect(ledger.joins).toHaveLength(ARRIVALS + 1);
    expect(summary.crowd.joined).toBe(ARRIVALS + 1);
    expect(summary.joinLatencyMs['webrtc']!.phases['firstAudio']!.samples).toBe(ARRIVALS);
  }
});

test.each([
  ['ice', 2, MEDIA_ENDS[0]],
  ['dtls', 4, MEDIA_ENDS[1]],
] as const)('%s has %d one-way delays more', (phase, flights, end) => {
  const p50Of = ({ summary }: Relayed) => summary.joinLatencyMs['webrtc']!.phases[phase]!.p50!;
  const knownMs = flights * (delayed.ledger.oneWayMs - direct.ledger.oneWayMs);
  const measuredMs = p50Of(delayed) - p50Of(direct);
  const heardLateMs = Math.max(...[direct, delayed].map((one) => median(latenessMs(one, end))));
  expect(Math.abs(measuredMs - knownMs)).toBeLessThan(FIXED_MS + SHARE * knownMs + heardLateMs);
});

test.each(MEDIA_ENDS)('%s is heard when the relay let it through, never before', (...end) => {
  for (const relayed of [direct, delayed]) {
    const lateMs = latenessMs(relayed, end);
    expect(lateMs).toHaveLength(ARRIVALS + 1);
    expect(Math.min(...lateMs)).toBeGreaterThan(-ROUNDING_MS);
    expect(median(lateMs)).toBeLessThan(FIXED_MS);
    // What stood still stood still; JavaScript's own turns come on top for ICE and DTLS.
    const turnsMs = end[0] === 'first-audio' ? 0 : 10;
    expect(Math.max(...lateMs)).toBeLessThan(FIXED_MS + relayed.stallMs + turnsMs);
  }
});

test('from DTLS to the first sound takes what it takes in the worker, wherever the listener is', () => {
  for (const { summary, ledger, stallMs } of [direct, delayed]) {
    const knownMs = median(
      ledger.joins.map(({ dtlsEndedNs, firstAudioNs }) => msBetween(dtlsEndedNs!, firstAudioNs!)),
    );
    const measuredMs = summary.joinLatencyMs['webrtc']!.phases['firstAudio']!.p50!;
    // The phase begins when JavaScript hears of DTLS, which makes it shorter by as much. One more joined than came.
    expect(measuredMs).toBeLessThan(knownMs + FIXED_MS + SHARE * knownMs);
    expect(measuredMs).toBeGreaterThan(knownMs - FIXED_MS - SHARE * knownMs - stallMs);
  }
});
