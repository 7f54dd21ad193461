/** RTCP, STUN and DTLS of each driver, and how far a synthetic listener's differ from a browser's. */
import { driverCosts, spreadText } from './costs.ts';
import type { Driver, ParityNight } from './night.ts';
import type { Parity } from './parity.ts';
import { table } from './table.ts';
import type { PacketClass } from './tap.ts';
import { addTraffic, rtcpRate, type Traffic } from './traffic.ts';

/** A rate that differs by more than this is said to carry into capacity. */
const FACTOR_MAX = 2;
/** What it carries into: a full room. */
const ROOM_PEOPLE = 1_000;

/** Only drivers with media have packets there. */
export function trafficSection({ nights }: Parity): readonly string[] {
  const why = [...nights.values()]
    .flat()
    .map(({ traffic }) => ('why' in traffic ? traffic.why : null))
    .find((one) => one !== null);
  const traffic = new Map(
    [...nights].flatMap(([driver, each]) => {
      const sum = addTraffic(each.flatMap((night) => ('why' in night.traffic ? [] : [night.traffic])));
      return sum.listenerSeconds === 0 ? [] : [[driver, sum] as const];
    }),
  );
  if (traffic.size === 0) return [why ?? 'No driver here has media.', ''];
  return [
    ...(why === undefined ? [] : [`Not in every night: ${why}`, '']),
    'While everybody listens, for each listener and second, as seen on loopback at the server; bytes are UDP payload.',
    '',
    ...table(
      [
        'driver',
        'direction',
        'receiver reports',
        'RTCP packets',
        'RTCP bytes',
        'STUN packets',
        'STUN bytes',
        'RTP packets',
      ],
      [...traffic].flatMap(([driver, sum]) =>
        (['in', 'out'] as const).map((direction) => rateRow(driver, sum, direction)),
      ),
    ),
    ...factorLines(traffic, nights),
  ];
}

function rateRow(driver: Driver, sum: Traffic, direction: 'in' | 'out'): readonly string[] {
  const rate = rtcpRate(sum, direction)!;
  const each = (kind: PacketClass, of: 'packets' | 'bytes') => sum[direction][kind][of] / sum.listenerSeconds;
  return [
    driver,
    direction === 'in' ? 'to the server' : 'to the listener',
    rate.receiverReportsPerSecond.toFixed(3),
    rate.packetsPerSecond.toFixed(3),
    rate.bytesPerSecond.toFixed(1),
    each('stun', 'packets').toFixed(3),
    each('stun', 'bytes').toFixed(1),
    each('rtp', 'packets').toFixed(2),
  ];
}

function factorLines(
  traffic: ReadonlyMap<Driver, Traffic>,
  nights: ReadonlyMap<Driver, readonly ParityNight[]>,
): readonly string[] {
  const [ours, theirs] = [traffic.get('webrtc'), traffic.get('browser')];
  if (ours === undefined || theirs === undefined) return [];
  const [mine, real] = [rtcpRate(ours, 'in')!, rtcpRate(theirs, 'in')!];
  const factor = mine.packetsPerSecond / Math.max(1e-9, real.packetsPerSecond);
  const near = factor <= FACTOR_MAX && factor >= 1 / FACTOR_MAX;
  const more = (of: 'packetsPerSecond' | 'bytesPerSecond') => (real[of] - mine[of]) * ROOM_PEOPLE;
  const workerMs = (driver: Driver) =>
    driverCosts((nights.get(driver) ?? []).map(({ costs }) => costs))?.worker.listenerSecondMs;
  const [workerOurs, workerTheirs] = [workerMs('webrtc'), workerMs('browser')];
  return [
    `A webrtc listener sends ${factor.toFixed(2)} times the RTCP packets of a browser: ${near ? 'within' : '**beyond**'} a factor of ${FACTOR_MAX}.`,
    `From ${ROOM_PEOPLE} browsers the server gets ${difference(more('packetsPerSecond'), 'RTCP packets')} and ` +
      `${difference(more('bytesPerSecond'), 'bytes')} a second than from as many webrtc listeners.`,
    ...(workerOurs === undefined || workerTheirs === undefined
      ? []
      : [
          `The worker took ${spreadText(workerOurs, 3)} ms CPU a second for a webrtc listener and ${spreadText(workerTheirs, 3)} ms for a browser, all packets together.`,
        ]),
    '',
  ];
}

function difference(more: number, what: string): string {
  return `${Math.abs(more).toFixed(0)} ${what} ${more < 0 ? 'fewer' : 'more'}`;
}
