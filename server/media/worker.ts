/** One media worker with the WebRTC server on its UDP port, and the choice of the worker for a new room. */
import { createWorker, type types } from 'mediasoup';
import { MediaError } from './errors.ts';

/** A burst of joins stalls the worker for up to 0.2 s; what arrives meanwhile waits in the kernel. */
const SOCKET_BUFFER_BYTES = 4 * 2 ** 20;

export type MediaWorker = {
  readonly worker: types.Worker;
  readonly webRtcServer: types.WebRtcServer;
  /** Rooms and listeners that it carries or is about to. */
  rooms: number;
  listeners: number;
};

export type WorkerPlace = {
  readonly host: string;
  /** 0: a free one. */
  readonly rtcPort: number;
  readonly workerBin: string | null;
};

/**
 * Starts `count` workers. The first takes the port that was asked for, the others free ones.
 *
 * @throws MediaError when one of them does not start; none is left running then.
 */
export async function startWorkers(count: number, place: WorkerPlace): Promise<readonly MediaWorker[]> {
  const started = await Promise.allSettled(
    Array.from({ length: count }, (_, nth) => startWorker(nth === 0 ? place : { ...place, rtcPort: 0 })),
  );
  const workers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed === undefined) return workers;
  for (const { worker } of workers) worker.close();
  throw failed.reason;
}

/**
 * The worker for a new room: the one with the fewest listeners, of several such the one with the fewest rooms. A
 * room that relays another goes to a worker that does not carry the source, where there is one: a full room is
 * what overflow rooms are opened for.
 */
export function leastLoaded(workers: readonly MediaWorker[], source: MediaWorker | null): MediaWorker {
  const others = workers.filter((one) => one !== source);
  const [best] = (others.length === 0 ? workers : others).toSorted(
    (a, b) => a.listeners - b.listeners || a.rooms - b.rooms,
  );
  if (best === undefined) throw new Error('expected at least one media worker');
  return best;
}

async function startWorker(place: WorkerPlace): Promise<MediaWorker> {
  const worker = await spawnWorker(place.workerBin);
  try {
    return { worker, webRtcServer: await createRtcServer(worker, place), rooms: 0, listeners: 0 };
  } catch (error) {
    worker.close();
    throw error;
  }
}

async function createRtcServer(worker: types.Worker, place: WorkerPlace): Promise<types.WebRtcServer> {
  const { host, rtcPort } = place;
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
