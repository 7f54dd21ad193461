/**
 * Media: mediasoup workers that carry the host's voice to every listener.
 *
 * Each worker has one WebRTC server on one UDP port; a room is a router on one of them. A room is fed either by the
 * host's voice itself or, for an overflow room, by a pipe from the room it relays, which may cross to another worker.
 * All of them carry the same packets with the same RTP timestamps, so a listener who is promoted keeps its transport
 * and only its membership changes.
 *
 * A worker that dies takes every handle with it but throws nothing at the server: closing stays quiet, asking
 * rejects with `media-closed`, and onWorkerDied tells that startMedia is to be called again. One dead worker of
 * several ends all of media: a relay across workers is broken with either end, and the host, the rooms and the
 * listeners of those that live would have to be told apart from the dead one's, for a case that a restart mends
 * within a second.
 */

import { MediaError } from './errors.ts';
import type { ListenerMedia, Media, StartMedia } from './port.ts';
import { openRoom, PAYLOAD_TYPE, type Room } from './room.ts';
import { createRtpListener } from './rtp-listener.ts';
import { type Host, startHost } from './voice/host.ts';
import { consentSeconds, createWebrtcListener } from './webrtc-listener.ts';
import { leastLoaded, startWorkers } from './worker.ts';

export const startMedia: StartMedia = async (options) => {
  const { frameMs, onWorkerDied } = options;
  const workers = await startWorkers(options.workers, options);
  // A room being opened is here too, so that two calls at once cannot both open it.
  const rooms = new Map<string, Promise<Room>>();
  const ssrcs = new Set<number>();
  const consentS = consentSeconds(options.iceConsentMs);
  let state: 'up' | 'closing' | 'dead' = 'up';

  let host: Host;
  const closeWorkers = () => {
    for (const { worker } of workers) worker.close();
  };
  const die = () => {
    if (state === 'up') {
      state = 'dead';
      rooms.clear();
      closeWorkers();
      void host?.close();
      onWorkerDied();
    }
  };
  // A worker without a voice is as useless as a dead one: both end the same way.
  try {
    host = await startHost({ frameMs, payloadType: PAYLOAD_TYPE, onBroken: die });
  } catch (error) {
    closeWorkers();
    throw error;
  }
  if (workers.some(({ worker }) => worker.died)) {
    closeWorkers();
    await host.close();
    throw new MediaError('media-closed', 'A worker died while it started');
  }
  for (const { worker } of workers) worker.on('died', die);

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

  async function openOnLeastLoaded(relayOf: string | null): Promise<Room> {
    const source = relayOf === null ? null : await roomNamed(relayOf);
    const on = leastLoaded(workers, source?.on ?? null);
    on.rooms += 1;
    try {
      return await openRoom(on, host, source);
    } catch (error) {
      on.rooms -= 1;
      throw error;
    }
  }

  return {
    workerPid: workers[0]!.worker.pid,

    openRoom: (room, relayOf) =>
      alive(`Opening room ${room}`, async () => {
        if (rooms.has(room)) {
          throw new MediaError('media-room-exists', room);
        }
        const opening = openOnLeastLoaded(relayOf);
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
      if (opened === undefined) return;
      opened.on.rooms -= 1;
      opened.hostTarget?.remove();
      opened.router.close();
    },

    addListener: (room, kind, hooks) =>
      alive(`Adding a listener to ${room}`, async (): Promise<ListenerMedia> => {
        const { on, router, producerId } = await roomNamed(room);
        const source = { router, producerId, frameMs, ssrcs };
        let counted = true;
        const leave = () => {
          if (counted) on.listeners -= 1;
          counted = false;
        };
        on.listeners += 1;
        try {
          const listener =
            kind === 'rtp'
              ? await createRtpListener(source, hooks)
              : await createWebrtcListener(source, hooks, { webRtcServer: on.webRtcServer, consentS });
          return {
            offer: listener.offer,
            connect: (answer) => alive('Connecting a listener', () => listener.connect(answer)),
            close() {
              leave();
              listener.close();
            },
          };
        } catch (error) {
          leave();
          throw error;
        }
      }),

    transports: () =>
      alive('Counting transports', async () => {
        const opened = await Promise.all(rooms.values());
        const counts = await Promise.all(opened.map((room) => room.listenerTransports()));
        return counts.reduce((sum, count) => sum + count, 0);
      }),

    cpuMs: () =>
      alive('Asking for CPU time', async () => {
        const usages = await Promise.all(workers.map(({ worker }) => worker.getResourceUsage()));
        return usages.map(({ ru_utime: userMs, ru_stime: systemMs }) => userMs + systemMs);
      }),

    async close() {
      if (state === 'up') {
        state = 'closing';
        closeWorkers();
      }
      await host.close();
    },
  } satisfies Media;
};
