/**
 * What the generator says of itself each second, so that a run can be doubted: how long the loop stood still,
 * how long it napped, what went in and out, and what it could not do.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { EventWriter } from '../../events/writer.ts';
import type { Traffic } from '../bodies/signal/connection.ts';
import type { LoopSecond } from './loop.ts';

/** Writes the rows of one second. `traffic` and `troubles` start again from zero. */
export function writeSecond(
  log: EventWriter,
  loop: LoopSecond,
  traffic: Traffic,
  troubles: readonly Map<string, number>[],
): void {
  const row = (type: Parameters<EventWriter['row']>[0], value: number, cause: string | null = null) =>
    log.row(type, null, null, null, null, cause, value);
  row('stall', round(loop.stallMs));
  row('nap', round(loop.napMs));
  row('nap-max', round(loop.napMsMax));
  row('bytes-in', traffic.bytesIn);
  row('bytes-out', traffic.bytesOut);
  row('messages-in', traffic.messagesIn);
  row('messages-out', traffic.messagesOut);
  for (const one of troubles) {
    for (const [cause, count] of one) row('trouble', count, cause);
    one.clear();
  }
  traffic.bytesIn = 0;
  traffic.bytesOut = 0;
  traffic.messagesIn = 0;
  traffic.messagesOut = 0;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/**
 * Counts the datagrams that the UDP sockets of one process lost because nobody read them in time. The sum over
 * the machine is cheap to read; which sockets they belong to is looked up only when it has grown.
 */
export class UdpDrops {
  readonly #pid: number;
  #errors: number | null = null;
  /** Drops of each of its sockets, by inode, when last looked at. */
  #known = new Map<string, number>();

  /** @param pid this process, or a child that receives for it. */
  constructor(pid: number) {
    this.#pid = pid;
  }

  /** @returns drops since the last call; 0 where the kernel does not tell (no Linux). */
  take(): number {
    if (process.platform !== 'linux') return 0;
    const errors = receiveBufferErrors(readFileSync('/proc/net/snmp', 'utf8'));
    const before = this.#errors;
    this.#errors = errors;
    if (before === null || errors === before) return 0;
    const now = dropsByInode(readFileSync('/proc/net/udp', 'utf8'));
    const own = socketsOf(this.#pid);
    let drops = 0;
    const known = new Map<string, number>();
    for (const [inode, count] of now) {
      if (!own.has(inode)) continue;
      known.set(inode, count);
      drops += Math.max(0, count - (this.#known.get(inode) ?? 0));
    }
    this.#known = known;
    return drops;
  }
}

/** The RcvbufErrors of UDP, from the text of /proc/net/snmp. */
export function receiveBufferErrors(snmp: string): number {
  const [names, values] = snmp.split('\n').filter((line) => line.startsWith('Udp:'));
  const at = names?.split(' ').indexOf('RcvbufErrors') ?? -1;
  return at < 0 ? 0 : Number(values?.split(' ')[at] ?? 0);
}

/** Drops of each socket, from the text of /proc/net/udp. */
export function dropsByInode(udp: string): Map<string, number> {
  const drops = new Map<string, number>();
  for (const line of udp.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const inode = columns[9];
    if (inode !== undefined) drops.set(inode, Number(columns[12] ?? 0));
  }
  return drops;
}

function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  for (const file of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    } catch (error) {
      // The descriptor with which the folder was read is gone by now.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return inodes;
}
