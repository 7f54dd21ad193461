/**
 * What was known and what was measured, as the tests of this folder assert it, in figures for docs/guides/trust.md:
 * `node tests/known-truth/table.ts`.
 */
import {
  DELAYS,
  FLOOD,
  HELD_BACK,
  latenessMs,
  MEDIA_ENDS,
  nearestRank,
  PHASES,
  surgeJoins,
  wholeWay,
} from './figures.ts';
import { knownNight, playKnown } from './known-night.ts';
import { playRelayed } from './relayed-night.ts';

const ms = (value: number | null | undefined) => (value ?? Number.NaN).toFixed(1);
const row = (...cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);

const flooded = await playKnown({ ...DELAYS, ...FLOOD }, knownNight('signal', 140, 200, 2_000));
const stalled = await playKnown(
  { dialMs: 5, hallwayMs: 5, signalMs: 5, queueMs: 5, ...FLOOD },
  knownNight('signal', 60, 240, 2_500),
  1_500,
);
row('ms', 'known p50', 'measured p50', 'known p99', 'measured p99');
row('---', '---', '---', '---', '---');
const signal = flooded.summary.joinLatencyMs['signal']!;
for (const [name, known, measured] of [
  ...PHASES.map((phase) => [phase, surgeJoins(flooded).map(HELD_BACK[phase]), signal.phases[phase]] as const),
  ['whole way', wholeWay(flooded), signal] as const,
  ['whole way, stall', wholeWay(stalled), stalled.summary.joinLatencyMs['signal']] as const,
]) {
  row(
    name,
    ...[0.5, 0.99].flatMap((q) => [ms(nearestRank(known, q)), ms(q < 0.9 ? measured?.p50 : measured?.p99)]),
  );
}
for (const [name, { napMs, stallMs, ledger }] of Object.entries({ flooded, stalled }))
  console.log(
    `${name}: longest nap ${ms(napMs)} ms, longest stall ${ms(stallMs)} ms, ${ledger.framesSent} frames`,
  );
for (const oneWayMs of [0, 20]) {
  const relayed = await playRelayed(40, oneWayMs);
  const { phases } = relayed.summary.joinLatencyMs['webrtc']!;
  const medians = ['ice', 'dtls', 'firstAudio']
    .map((phase) => `${phase} ${ms(phases[phase]?.p50)}`)
    .join(', ');
  const late = MEDIA_ENDS.map((end) => {
    const all = latenessMs(relayed, end);
    return `${end[0]} ${nearestRank(all, 0.5).toFixed(2)} (to ${nearestRank(all, 1).toFixed(2)})`;
  }).join(', ');
  console.log(`relay ${relayed.ledger.oneWayMs.toFixed(2)} ms: p50 ${medians}; heard late by ${late}`);
}
