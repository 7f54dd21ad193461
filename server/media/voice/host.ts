/**
 * The host's voice: one stream of Opus frames, sent as plain RTP to every room that is fed by it.
 *
 * All rooms hear the same packets with the same timestamps. The pacing lives in a thread of its own (host-thread.ts).
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

export type HostWork = {
  readonly file: string;
  readonly frameMs: 20 | 60;
  readonly bindIp: string;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly firstSequence: number;
  readonly firstTimestamp: number;
};
export type ToHost =
  | { readonly type: 'add'; readonly id: number; readonly port: number; readonly ip: string }
  | { readonly type: 'remove'; readonly id: number }
  | { readonly type: 'close' };
export type FromHost =
  | { readonly type: 'speaking' }
  | { readonly type: 'send-error'; readonly message: string };

export type HostTarget = { remove(): void };

export type Host = {
  readonly ssrc: number;
  readonly payloadType: number;
  /** Sends to one more address from the next frame on. */
  addTarget(ip: string, port: number): HostTarget;
  close(): Promise<void>;
};

/** Extension of the thread's file: it follows this file when that is compiled to JavaScript. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** The file that holds frames of this length, made by make-voice.ts. */
export function voiceFile(frameMs: 20 | 60): URL {
  return new URL(`voice-${frameMs}ms.opus`, import.meta.url);
}

/**
 * Starts to speak; resolves when frames are being paced (to nobody yet). Rejects when the file cannot be read or
 * is not made of frames of that length. onBroken: the thread died later; listeners hear nothing any more.
 */
export async function startHost(options: {
  readonly frameMs: 20 | 60;
  readonly payloadType: number;
  readonly onBroken: (error: Error) => void;
  /** For tests: another file, other first numbers (to see them wrap). */
  readonly file?: string;
  readonly firstSequence?: number;
  readonly firstTimestamp?: number;
}): Promise<Host> {
  const { frameMs, payloadType } = options;
  const ssrc = randomInt(1, 2 ** 32 - 1);
  const work: HostWork = {
    file: options.file ?? fileURLToPath(voiceFile(frameMs)),
    frameMs,
    bindIp: '127.0.0.1',
    ssrc,
    payloadType,
    firstSequence: options.firstSequence ?? randomInt(2 ** 16),
    firstTimestamp: options.firstTimestamp ?? randomInt(2 ** 32),
  };
  const thread = new Worker(new URL(`./host-thread.${EXTENSION}`, import.meta.url), { workerData: work });
  const tell = (message: ToHost) => thread.postMessage(message);
  const exited = once(thread, 'exit').catch(() => undefined);
  // once() rejects when the thread throws before it speaks.
  await once(thread, 'message');
  thread.on('error', options.onBroken);
  let nextId = 0;
  let closing: Promise<void> | null = null;
  return {
    ssrc,
    payloadType,
    addTarget(ip, port) {
      const id = nextId;
      nextId += 1;
      tell({ type: 'add', id, ip, port });
      return { remove: () => tell({ type: 'remove', id }) };
    },
    close() {
      closing ??= (async () => {
        tell({ type: 'close' });
        await exited;
      })();
      return closing;
    },
  };
}
