/** What a frame of the reference server's voice weighs: the log counts packets, and no packet's bytes. */
import { readFileSync } from 'node:fs';
import { voiceFile } from '../../server/media/voice/host.ts';
import { readOggOpus } from '../../server/media/voice/ogg.ts';

const known = new Map<number, number>();

/** Bytes of Opus in a frame of the voice, on the mean over all of it; without any header. */
export function voiceFrameBytes(frameMs: 20 | 60): number {
  const before = known.get(frameMs);
  if (before !== undefined) return before;
  const { packets } = readOggOpus(readFileSync(voiceFile(frameMs)));
  const bytes = packets.reduce((sum, packet) => sum + packet.length, 0) / packets.length;
  known.set(frameMs, bytes);
  return bytes;
}
