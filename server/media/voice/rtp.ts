/** The fixed header of an RTP packet (RFC 3550, 5.1) and how a run of Opus frames numbers it (RFC 7587). */

export const RTP_HEADER_BYTES = 12;
/** Opus always counts in 48 kHz, whatever it carries. */
export const OPUS_CLOCK_HZ = 48_000;

export type RtpHeader = {
  readonly payloadType: number;
  /** First packet after a gap in time. */
  readonly marker: boolean;
  /** Counts modulo 2^16. */
  readonly sequence: number;
  /** Counts modulo 2^32. */
  readonly timestamp: number;
  readonly ssrc: number;
};

/** Writes 12 bytes to the beginning of `target`. */
export function writeRtpHeader(target: Buffer, header: RtpHeader): void {
  target[0] = 0x80;
  target[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  target.writeUInt16BE(header.sequence % 2 ** 16, 2);
  target.writeUInt32BE(header.timestamp % 2 ** 32, 4);
  target.writeUInt32BE(header.ssrc, 8);
}

/** Reads what writeRtpHeader wrote. */
export function readRtpHeader(packet: Uint8Array): RtpHeader {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  return {
    payloadType: view.getUint8(1) & 0x7f,
    marker: view.getUint8(1) >= 0x80,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
  };
}
