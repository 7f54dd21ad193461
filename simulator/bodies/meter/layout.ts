/**
 * Where everything lies in the file that the packet meter shares with whoever receives the packets. counting.h has
 * the same layout as C structs. All numbers are little-endian, as the machines are that this runs on.
 */

/** "RRM2" */
export const MAGIC = 0x324d5252;

const HEADER_BYTES = 4096;
const FDS = 65_536;
export const INDEX_ENTRIES = 65_536;
export const SLOTS = 16_384;
export const SLOT_BYTES = 128;
/** How far an SSRC may lie from where its hash points. */
export const PROBES_MAX = 64;

/** Offsets in the file. */
export const HEADER = { magic: 0, ownerPid: 4, window: 8, datagrams: 16, rtpPackets: 24 } as const;
export const MUTED_OFFSET = HEADER_BYTES;
export const INDEX_OFFSET = MUTED_OFFSET + FDS;
export const SLOTS_OFFSET = INDEX_OFFSET + INDEX_ENTRIES * 4;
export const FILE_BYTES = SLOTS_OFFSET + SLOTS * SLOT_BYTES;

/** Offsets in a slot. */
export const SLOT = {
  ssrc: 0,
  firstSequence: 4,
  highestSequence: 8,
  fd: 12,
  packets: 16,
  bytes: 24,
  firstNs: 32,
  lastNs: 40,
  firstTimestamp: 48,
  lastTimestamp: 52,
  windows: 56,
  jitterUs: 88,
} as const;

/** A slot has two windows, of which one is written while the other is read. */
export const WINDOW_BYTES = 16;
export const WINDOW = { id: 0, packets: 4, longestGapUs: 8, longestStepTicks: 12 } as const;

/** An index entry is a slot's number plus one, or one of these. */
export const ENTRY_EMPTY = 0;
export const ENTRY_DELETED = 0xffff_ffff;

/** Where the search for an SSRC begins. */
export function indexOf(ssrc: number): number {
  return Math.imul(ssrc, 2_654_435_761) >>> 16;
}
