/**
 * The thread that speaks: reads one voice file and sends its frames as RTP to every target, on schedule.
 *
 * It has its own event loop, so a server that stalls for seconds under a crowd does not silence the host: what
 * listeners then miss was lost by the server, not by the pacing of the voice.
 */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromHost, HostWork, ToHost } from './host.ts';
import { opusPacketMs, readOggOpus } from './ogg.ts';
import { createPacer } from './pacing.ts';
import { OPUS_CLOCK_HZ, RTP_HEADER_BYTES, writeRtpHeader } from './rtp.ts';

const work = workerData as HostWork;
const port = parentPort;
if (port === null) {
  throw new Error('host-thread.ts is the entry of a worker thread; start it through startHost');
}
const tell = (message: FromHost) => port.postMessage(message);

const frames = readOggOpus(readFileSync(work.file)).packets;
const odd = frames.findIndex((frame) => opusPacketMs(frame) !== work.frameMs);
if (odd >= 0 || frames.length === 0) {
  throw new Error(`${work.file} must hold only frames of ${work.frameMs} ms; frame ${odd} is not one`);
}
/** Room for the header in front of each frame. One buffer is sent again only after a whole loop of the file. */
const packets = frames.map((frame) => Buffer.concat([Buffer.alloc(RTP_HEADER_BYTES), frame]));

const socket = createSocket('udp4');
/** A target that went away answers with ICMP, which is no reason to fall silent for the others. */
socket.on('error', (error) => tell({ type: 'send-error', message: error.message }));

const targets = new Map<number, { readonly port: number; readonly ip: string }>();
let timer: NodeJS.Timeout | null = null;

function speak(): void {
  const pacer = createPacer({ startMs: performance.now(), frameMs: work.frameMs });
  const samplesPerFrame = (OPUS_CLOCK_HZ / 1000) * work.frameMs;
  let sequence = work.firstSequence;
  let marker = true;
  const turn = () => {
    const { firstFrame, count, skipped, nextMs } = pacer.due(performance.now());
    marker ||= skipped > 0;
    for (let frame = firstFrame; frame < firstFrame + count; frame += 1) {
      const packet = packets[frame % packets.length] as Buffer;
      const timestamp = work.firstTimestamp + frame * samplesPerFrame;
      writeRtpHeader(packet, { payloadType: work.payloadType, marker, sequence, timestamp, ssrc: work.ssrc });
      for (const target of targets.values()) {
        socket.send(packet, target.port, target.ip);
      }
      sequence += 1;
      marker = false;
    }
    timer = setTimeout(turn, Math.max(0, nextMs - performance.now()));
  };
  turn();
}

port.on('message', (message: ToHost) => {
  if (message.type === 'add') {
    targets.set(message.id, { port: message.port, ip: message.ip });
  } else if (message.type === 'remove') {
    targets.delete(message.id);
  } else {
    if (timer !== null) {
      clearTimeout(timer);
    }
    socket.close();
    port.close();
  }
});

socket.bind(0, work.bindIp, () => {
  speak();
  tell({ type: 'speaking' });
});
