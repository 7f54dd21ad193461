/**
 * Media: one mediasoup worker that carries the host's voice to every listener.
 *
 * One WebRTC server on one UDP port, one router a room. A room is fed either by the host's voice itself (over a
 * plain transport) or, for an overflow room, by a pipe from the room it relays. All of them carry the same packets
 * with the same RTP timestamps, so a listener who is promoted keeps its transport and only its membership changes.
 *
 * A worker that dies takes every handle with it but throws nothing at the server: closing stays quiet, asking
 * rejects with `media-closed`, and onWorkerDied tells that startMedia is to be called again.
 */
import { createWorker, type types } from 'mediasoup';
import { MediaError } from './errors.ts';
import { consentSeconds, createListener } from './listener.ts';
import type { ListenerMedia, Media, StartMedia } from './port.ts';
import { type Host, type HostTarget, startHost } from './voice/host.ts';

/** The first number of the dynamic range that mediasoup gives: host, pipes and listeners all carry it. */
const PAYLOAD_TYPE = 100;

const OPUS: types.RouterRtpCodecCapability = {
  kind: 'audio',
  mimeType: 'audio/opus',
  preferredPayloadType: PAYLOAD_TYPE,
  clockRate: 48_000,
  channels: 2,
};

/** A burst of joins stalls the worker for up to 0.2 s; what arrives meanwhile waits in the kernel. */
const SOCKET_BUFFER_BYTES = 4 * 2 ** 20;

type Room = {
  readonly router: types.Router;
  readonly producerId: string;
  /** null: fed by a pipe. */
  readonly hostTarget: HostTarget | null;
};

async function feedByHost(router: types.Router, host: Host): Promise<Room> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    comedia: true,
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
  return { router, producerId: producer.id, hostTarget: host.addTarget(localAddress, localPort) };
}

async function feedByPipe(router: types.Router, source: Room): Promise<Room> {
  // Both routers live in one worker, where an id may exist only once.
  const { pipeProducer } = await source.router.pipeToRouter({
    producerId: source.producerId,
    router,
    keepId: false,
  });
  if (pipeProducer === undefined) {
    throw new Error('pipeToRouter must answer with a producer, but gave none');
  }
  return { router, producerId: pipeProducer.id, hostTarget: null };
}

async function createRtcServer(
  worker: types.Worker,
  options: { host: string; rtcPort: number },
): Promise<types.WebRtcServer> {
  const { host, rtcPort } = options;
  const listenInfo: types.TransportListenInfo = {
    protocol: 'udp',
    ip: host,
    sendBufferSize: SOCKET_BUFFER_BYTES,
    recvBufferSize: SOCKET_BUFFER_BYTES,
    // Without a port mediasoup looks for a free one itself and tries on when one is taken.
    ...(rtcPort === 0 ? {} : { port: rtcPort }),
  };
  try {
    return await worker.createWebRtcServer({ listenInfos: [listenInfo] });
  } catch (error) {
    throw new MediaError('media-no-port', `UDP ${host}:${rtcPort}`, { cause: error });
  }
}

async function spawnWorker(workerBin: string | null): Promise<types.Worker> {
  try {
    return await createWorker({ logLevel: 'error', ...(workerBin === null ? {} : { workerBin }) });
  } catch (error) {
    throw new MediaError('media-no-worker', workerBin ?? "mediasoup's own worker", { cause: error });
  }
}

export const startMedia: StartMedia = async (options) => {
  const { frameMs, workerBin, onWorkerDied } = options;
  const worker = await spawnWorker(workerBin);
  // A room being opened is here too, so that two calls at once cannot both open it.
  const rooms = new Map<string, Promise<Room>>();
  const ssrcs = new Set<number>();
  const consentS = consentSeconds(options.iceConsentMs);
  let state: 'up' | 'closing' | 'dead' = 'up';

  let webRtcServer: types.WebRtcServer;
  let host: Host;
  const die = () => {
    if (state === 'up') {
      state = 'dead';
      rooms.clear();
      worker.close();
      void host?.close();
      onWorkerDied();
    }
  };
  // A worker without a voice is as useless as a dead one: both end the same way.
  try {
    webRtcServer = await createRtcServer(worker, options);
    host = await startHost({ frameMs, payloadType: PAYLOAD_TYPE, onBroken: die });
  } catch (error) {
    worker.close();
    throw error;
  }
  if (worker.died) {
    await host.close();
    throw new MediaError('media-closed', 'The worker died while it started');
  }
  worker.on('died', die);

  /** Runs what needs a living worker; whatever fails because it died meanwhile becomes media-closed. */
  async function alive<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    if (state !== 'up') {
      throw new MediaError('media-closed', what);
    }
    try {
      return await work();
    } catch (error) {
      // The state is written by events while the work was awaited, which the type checker cannot see.
      if ((state as string) !== 'up' && !(error instanceof MediaError)) {
        throw new MediaError('media-closed', what, { cause: error });
      }
      throw error;
    }
  }

  function roomNamed(room: string): Promise<Room> {
    return rooms.get(room) ?? Promise.reject(new MediaError('media-unknown-room', room));
  }

  return {
    workerPid: worker.pid,

    openRoom: (room, relayOf) =>
      alive(`Opening room ${room}`, async () => {
        if (rooms.has(room)) {
          throw new MediaError('media-room-exists', room);
        }
        const opening = (async () => {
          const source = relayOf === null ? null : await roomNamed(relayOf);
          const router = await worker.createRouter({ mediaCodecs: [OPUS] });
          return source === null ? feedByHost(router, host) : feedByPipe(router, source);
        })();
        rooms.set(room, opening);
        try {
          await opening;
        } catch (error) {
          rooms.delete(room);
          throw error;
        }
      }),

    async closeRoom(room) {
      const opening = rooms.get(room);
      rooms.delete(room);
      // A room that failed to open has told so to who opened it.
      const opened = await opening?.catch(() => undefined);
      opened?.hostTarget?.remove();
      opened?.router.close();
    },

    addListener: (room, onLost) =>
      alive(`Adding a listener to ${room}`, async (): Promise<ListenerMedia> => {
        const { router, producerId } = await roomNamed(room);
        const listener = await createListener({
          router,
          webRtcServer,
          producerId,
          frameMs,
          consentS,
          ssrcs,
          onLost,
        });
        return {
          offer: listener.offer,
          connect: (fingerprint) => alive('Connecting a listener', () => listener.connect(fingerprint)),
          close: () => listener.close(),
        };
      }),

    async close() {
      if (state === 'up') {
        state = 'closing';
        worker.close();
      }
      await host.close();
    },
  } satisfies Media;
};
