import { expect, test } from 'vitest';
import { clockStepMs, countersIn, grownBy, lookAtClocks, readKernelCounters } from './kernel.ts';

const NETSTAT = (overflows: number, timeouts: number) =>
  [
    'TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts',
    `TcpExt: 9 ${overflows} ${overflows} ${timeouts}`,
    'IpExt: InNoRoutes',
    'IpExt: 0',
    'Udp: InDatagrams RcvbufErrors SndbufErrors',
    'Udp: 77 3 0',
    'UdpLite: InDatagrams RcvbufErrors',
    'UdpLite: 5 99',
    '',
  ].join('\n');

test('reads what is worth a row, by protocol, and leaves out what the kernel does not tell', () => {
  expect(Object.fromEntries(countersIn(NETSTAT(4, 7)))).toEqual({
    'TcpExt.ListenOverflows': 4,
    'TcpExt.ListenDrops': 4,
    'TcpExt.TCPTimeouts': 7,
    'Udp.RcvbufErrors': 3,
    'Udp.SndbufErrors': 0,
  });
  expect(countersIn('')).toEqual(new Map());
});

test('only what grew is told', () => {
  const grown = grownBy(countersIn(NETSTAT(4, 7)), countersIn(NETSTAT(4, 9)));
  expect(Object.fromEntries(grown)).toEqual({ 'TcpExt.TCPTimeouts': 2 });
  expect(grownBy(new Map(), countersIn(NETSTAT(4, 7)))).toEqual(new Map());
  expect(grownBy(countersIn(NETSTAT(4, 7)), countersIn(NETSTAT(0, 0)))).toEqual(new Map());
});

test.skipIf(process.platform !== 'linux')('this kernel tells every one of them', () => {
  expect([...readKernelCounters().keys()].toSorted()).toEqual([
    'TcpExt.ListenDrops',
    'TcpExt.ListenOverflows',
    'TcpExt.PruneCalled',
    'TcpExt.TCPAbortOnMemory',
    'TcpExt.TCPBacklogDrop',
    'TcpExt.TCPTimeouts',
    'Udp.MemErrors',
    'Udp.RcvbufErrors',
    'Udp.SndbufErrors',
  ]);
});

test.each([
  ['runs as it should', 1_000, null],
  ['is slewed', 1_050, null],
  ['is set forward', 1_051, 51],
  ['is set back by an hour', 1_000 - 3_600_000, -3_600_000],
])('a wall clock that %s', (_what, wallLaterMs, stepMs) => {
  const before = { wallMs: 1_700_000_000_000, monotonicMs: 5_000 };
  const now = { wallMs: before.wallMs + wallLaterMs, monotonicMs: 6_000 };
  expect(clockStepMs(before, now)).toBe(stepMs);
});

test('nobody has set the clock of this machine between two looks', () => {
  expect(clockStepMs(lookAtClocks(), lookAtClocks())).toBeNull();
});
