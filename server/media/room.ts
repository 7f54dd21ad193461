/**
 * A room's voice: one router on one worker, fed either by the host itself (over a plain transport) or, for a room
 * that relays another, by a pipe. Packets and RTP timestamps are the same in all of them.
 */
import type { types } from 'mediasoup';
import type { Host, HostTarget } from './voice/host.ts';
import type { MediaWorker } from './worker.ts';

/** The first number of the dynamic range that mediasoup gives: host, pipes and listeners all carry it. */
export const PAYLOAD_TYPE = 100;

const OPUS: types.RouterRtpCodecCapability = {
  kind: 'audio',
  mimeType: 'audio/opus',
  preferredPayloadType: PAYLOAD_TYPE,
  clockRate: 48_000,
  channels: 2,
};

export type Room = {
  readonly on: MediaWorker;
  readonly router: types.Router;
  readonly producerId: string;
  /** null: fed by a pipe. */
  readonly hostTarget: HostTarget | null;
  /** Asks the worker itself how many of the router's transports are listeners'. */
  listenerTransports(): Promise<number>;
};

/** source null: the host speaks into it. */
export async function openRoom(on: MediaWorker, host: Host, source: Room | null): Promise<Room> {
  const router = await on.worker.createRouter({ mediaCodecs: [OPUS] });
  // Pipes to rooms that are opened later are of this router too, hence an observer and not a list.
  const feeds = new Set<string>();
  router.observer.on('newtransport', (transport) => {
    if (transport.type === 'pipe' || transport.appData['feeds'] === true) feeds.add(transport.id);
  });
  const fed = source === null ? await feedByHost(router, host) : await feedByPipe(router, source);
  return {
    on,
    router,
    ...fed,
    async listenerTransports() {
      const { transportIds } = await router.dump();
      return transportIds.filter((id) => !feeds.has(id)).length;
    },
  };
}

/**
 * What may wait in front of the worker, in the kernel's bytes (it doubles them, and counts some 800 for a packet): about
 * forty packets, 0.8 s of 20 ms frames. The system's own default would let speech get five seconds old.
 */
const HOST_QUEUE_BYTES = 16_384;

type Fed = Pick<Room, 'producerId' | 'hostTarget'>;

async function feedByHost(router: types.Router, host: Host): Promise<Fed> {
  const transport = await router.createPlainTransport({
    // A worker that cannot keep up loses what it has not read, as stale speech is worth nothing to anybody.
    listenInfo: { protocol: 'udp', ip: '127.0.0.1', recvBufferSize: HOST_QUEUE_BYTES },
    rtcpMux: true,
    comedia: true,
    appData: { feeds: true },
  });
  const producer = await transport.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', payloadType: PAYLOAD_TYPE, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: host.ssrc }],
      rtcp: { cname: 'host' },
    },
  });
  const { localAddress, localPort } = transport.tuple;
  return { producerId: producer.id, hostTarget: host.addTarget(localAddress, localPort) };
}

async function feedByPipe(router: types.Router, source: Room): Promise<Fed> {
  // An id may exist only once in a worker, and several rooms of one worker may relay the same source.
  const { pipeProducer } = await source.router.pipeToRouter({
    producerId: source.producerId,
    router,
    keepId: false,
  });
  if (pipeProducer === undefined) {
    throw new Error('pipeToRouter must answer with a producer, but gave none');
  }
  return { producerId: pipeProducer.id, hostTarget: null };
}
