import { expect, test } from 'vitest';
import { dropsByInode, receiveBufferErrors, UdpDrops } from './self-watch.ts';

test("reads the kernel's counts of datagrams that nobody took", () => {
  const snmp = [
    'Ip: Forwarding DefaultTTL',
    'Ip: 2 64',
    'Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors',
    'Udp: 100 2 3 90 17 0',
  ].join('\n');
  expect(receiveBufferErrors(snmp)).toBe(17);
  expect(receiveBufferErrors('')).toBe(0);
  const udp = [
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
    ' 1044: 0100007F:D431 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 21333 2 0000000000000000 5',
    ' 1045: 0100007F:D432 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 21334 2 0000000000000000 0',
    '',
  ].join('\n');
  expect(dropsByInode(udp)).toEqual(
    new Map([
      ['21333', 5],
      ['21334', 0],
    ]),
  );
});

test('a process that lost nothing says 0', () => {
  const drops = new UdpDrops(process.pid);
  expect([drops.take(), drops.take()]).toEqual([0, 0]);
});
