/**
 * What the kernel confesses beside the processes: connections and packets that it threw away or sent again, and a wall
 * clock that was set meanwhile. Counters are of the whole machine (of its network namespace), so that they are told as
 * they are and void nothing: they name the reason when something else was seen.
 */
import { readFileSync } from 'node:fs';

/** Counters that are worth a row when they grow, by protocol. */
const COUNTERS: Readonly<Record<string, readonly string[]>> = {
  // A full backlog drops the handshake's last packet: the client believes that it is connected, and waits.
  TcpExt: [
    'ListenOverflows',
    'ListenDrops',
    'TCPTimeouts',
    'TCPAbortOnMemory',
    'TCPBacklogDrop',
    'PruneCalled',
  ],
  Udp: ['RcvbufErrors', 'SndbufErrors', 'MemErrors'],
};

/** A clock that is slewed gains half a millisecond a second at most (adjtime(3)); what is more was set. */
const CLOCK_STEP_MS = 50;

/** Values so far, by `Protocol.Counter`. */
export type KernelCounters = ReadonlyMap<string, number>;

/** Reads the counters of this network namespace. Only Linux has them. */
export function readKernelCounters(): KernelCounters {
  return countersIn(
    `${readFileSync('/proc/net/netstat', 'utf8')}\n${readFileSync('/proc/net/snmp', 'utf8')}`,
  );
}

/** The counters above in a text like /proc/net/snmp: a line of names and a line of values for each protocol. */
export function countersIn(text: string): KernelCounters {
  const counters = new Map<string, number>();
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  for (const [protocol, wanted] of Object.entries(COUNTERS)) {
    const [names, values] = lines.filter(([head]) => head === `${protocol}:`);
    for (const name of wanted) {
      const value = Number(values?.[names?.indexOf(name) ?? -1]);
      if (Number.isFinite(value)) counters.set(`${protocol}.${name}`, value);
    }
  }
  return counters;
}

/** What grew between two readings; a counter that is new or was reset has not grown. */
export function grownBy(before: KernelCounters, now: KernelCounters): Map<string, number> {
  const grown = new Map<string, number>();
  for (const [name, value] of now) {
    const by = value - (before.get(name) ?? value);
    if (by > 0) grown.set(name, by);
  }
  return grown;
}

/** One look at both clocks, ms. */
export type ClockLook = { readonly wallMs: number; readonly monotonicMs: number };

/**
 * How far the wall clock was set between two looks, ms; negative: back; null: it was not. Rows carry the monotonic clock,
 * which nobody can set, so that a step spoils no figure.
 */
export function clockStepMs(before: ClockLook, now: ClockLook): number | null {
  const stepMs = now.wallMs - before.wallMs - (now.monotonicMs - before.monotonicMs);
  return Math.abs(stepMs) > CLOCK_STEP_MS ? stepMs : null;
}

export function lookAtClocks(): ClockLook {
  // A process that is put aside between the two readings would see a step: the shorter of two looks is kept.
  const [first, second] = [clocks(), clocks()];
  return first.tookMs < second.tookMs ? first : second;
}

function clocks(): ClockLook & { readonly tookMs: number } {
  const beforeNs = process.hrtime.bigint();
  const wallMs = Date.now();
  const tookMs = Number(process.hrtime.bigint() - beforeNs) / 1e6;
  return { wallMs, monotonicMs: Number(beforeNs) / 1e6 + tookMs / 2, tookMs };
}
