/**
 * The rooms' voices: the media worker's side of every open room, kept alive over the death of the worker.
 *
 * A room that the admission policy closes keeps its voice while somebody still listens through it: people
 * who were promoted to the main room go on hearing the relay that they already have.
 */
import type { ListenerHooks, ListenerMedia, Media, StartMedia } from '../media/port.ts';

const RESTART_PAUSE_MS = 200;
const RESTART_PAUSE_MAX_MS = 5_000;

type Voice = {
  readonly room: string;
  readonly relayOf: string | null;
  ready: Promise<void>;
  listeners: number;
  closing: boolean;
};

export type VoiceHooks = {
  /** The worker is gone, and with it the audio of everybody who listened. */
  readonly onDied: () => void;
  /** A worker (again) carries every room. */
  readonly onReady: (workerPid: number) => void;
};

export class Voices {
  readonly #start: StartMedia;
  readonly #options: Omit<Parameters<StartMedia>[0], 'onWorkerDied'>;
  readonly #hooks: VoiceHooks;
  readonly #voices = new Map<string, Voice>();
  #media: Promise<Media>;
  #workerPid: number | null = null;
  /** Counts workers, so that what is left of a dead one cannot touch its successor. */
  #generation = 0;
  #closed = false;

  constructor(
    start: StartMedia,
    options: Omit<Parameters<StartMedia>[0], 'onWorkerDied'>,
    hooks: VoiceHooks,
  ) {
    this.#start = start;
    this.#options = options;
    this.#hooks = hooks;
    this.#media = this.#startWorker();
  }

  get workerPid(): number | null {
    return this.#workerPid;
  }

  /** Resolves when the worker carries every open room; rejects when the first worker cannot start. */
  async ready(): Promise<void> {
    await this.#media;
    await Promise.all([...this.#voices.values()].map((voice) => voice.ready));
  }

  open(room: string, relayOf: string | null): void {
    const known = this.#voices.get(room);
    if (known !== undefined) {
      known.closing = false;
      return;
    }
    const voice: Voice = { room, relayOf, ready: Promise.resolve(), listeners: 0, closing: false };
    this.#voices.set(room, voice);
    voice.ready = this.#openVoice(voice, this.#media);
  }

  close(room: string): void {
    const voice = this.#voices.get(room);
    if (voice === undefined) return;
    voice.closing = true;
    this.#closeIfSilent(voice);
  }

  /**
   * Gives a listener the voice of a room.
   *
   * @throws when the room has no voice or the worker died meanwhile.
   */
  async addListener(room: string, kind: 'webrtc' | 'rtp', hooks: ListenerHooks): Promise<ListenerMedia> {
    const voice = this.#voices.get(room);
    if (voice === undefined) throw new Error(`room ${room} has no voice`);
    const generation = this.#generation;
    voice.listeners += 1;
    let closed = false;
    const leave = (): void => {
      if (closed) return;
      closed = true;
      if (generation !== this.#generation) return;
      voice.listeners -= 1;
      this.#closeIfSilent(voice);
    };
    try {
      const media = await this.#media;
      await voice.ready;
      const listener = await media.addListener(room, kind, hooks);
      return {
        offer: listener.offer,
        connect: (answer) => listener.connect(answer),
        close: () => {
          if (!closed) listener.close();
          leave();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** CPU time of each worker since its start, ms; null while there is none. */
  async cpuMs(): Promise<readonly number[] | null> {
    if (this.#workerPid === null) return null;
    return (await this.#media).cpuMs();
  }

  async stop(): Promise<void> {
    this.#closed = true;
    const media = await this.#media.catch(() => null);
    await media?.close();
  }

  #startWorker(): Promise<Media> {
    const generation = this.#generation;
    return this.#start({ ...this.#options, onWorkerDied: () => this.#died(generation) }).then((media) => {
      this.#workerPid = media.workerPid;
      return media;
    });
  }

  #died(generation: number): void {
    if (this.#closed || generation !== this.#generation) return;
    this.#generation += 1;
    this.#workerPid = null;
    this.#media = this.#restart();
    for (const voice of this.#voices.values()) {
      voice.listeners = 0;
      if (voice.closing) this.#voices.delete(voice.room);
      else voice.ready = this.#openVoice(voice, this.#media);
    }
    this.ready().then(
      () => this.#hooks.onReady(this.#workerPid ?? 0),
      // The next death of the worker, or the stop of the server, is on its way to where it is handled.
      (error: unknown) => this.#voiceless(error),
    );
    this.#hooks.onDied();
  }

  async #restart(): Promise<Media> {
    for (let pauseMs = RESTART_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, RESTART_PAUSE_MAX_MS)) {
      if (this.#closed) throw new Error('the server is stopping');
      try {
        return await this.#startWorker();
      } catch (error) {
        this.#voiceless(error);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
    }
  }

  #openVoice(voice: Voice, from: Promise<Media>): Promise<void> {
    // A relay needs the room that it relays.
    const source = voice.relayOf === null ? undefined : this.#voices.get(voice.relayOf)?.ready;
    const opened = from.then(async (media) => {
      await source;
      await media.openRoom(voice.room, voice.relayOf);
    });
    // Whoever waits for the voice hears of the failure; nobody need wait.
    opened.catch((error: unknown) => this.#voiceless(error));
    return opened;
  }

  #closeIfSilent(voice: Voice): void {
    if (!voice.closing || voice.listeners > 0 || this.#voices.get(voice.room) !== voice) return;
    this.#voices.delete(voice.room);
    const closed = Promise.all([this.#media, voice.ready]).then(([media]) => media.closeRoom(voice.room));
    closed.catch((error: unknown) => this.#voiceless(error));
  }

  #voiceless(error: unknown): void {
    if (!this.#closed) console.error(`media: ${error instanceof Error ? error.message : error}`);
  }
}
