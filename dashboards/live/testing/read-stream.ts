/** A test instrument: reads a live page's stream as a browser's EventSource does, event by event. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import type { HelloFrame, LiveFrame } from '../frames.ts';

export type StreamEvent = { readonly id: number; readonly event: string; readonly frame: LiveFrame };

export class StreamReader {
  readonly response: IncomingMessage;
  readonly events: StreamEvent[] = [];
  /** The stream is over. */
  readonly ended: Promise<void>;
  hello: HelloFrame | null = null;
  #text = '';
  readonly #waiting = new Set<() => void>();

  constructor(response: IncomingMessage) {
    this.response = response;
    this.ended = new Promise((resolve) => response.once('close', resolve));
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    // Cut off by the other side: `ended` says so.
    response.on('error', () => {});
  }

  /** Everything that was told since the beginning, whenever this reader came. */
  get frames(): readonly LiveFrame[] {
    return [...(this.hello?.frames ?? []), ...this.events.map(({ frame }) => frame)];
  }

  /** Resolves when `isSo`, which is looked at after each event. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!isSo()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      void this.ended.then(() => reject(new Error(`ended after ${this.events.length} events`)));
      look();
    });
  }

  close(): void {
    this.response.destroy();
  }

  #take(text: string): void {
    const [last, ...whole] = (this.#text + text).split('\n\n').reverse();
    this.#text = last!;
    for (const block of whole.reverse()) this.#event(block);
    for (const look of this.#waiting) look();
  }

  #event(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => {
        const [name, ...value] = line.split(': ');
        return [name, value.join(': ')] as const;
      }),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    const frame: LiveFrame | HelloFrame = JSON.parse(data);
    if (frame.type === 'hello') this.hello = frame;
    else this.events.push({ id: Number(fields.get('id')), event: fields.get('event')!, frame });
  }
}

/**
 * Opens the stream of a live page.
 *
 * @param url of the page.
 * @returns when everything that was told before has come.
 */
export async function openReader(url: string): Promise<StreamReader> {
  const request = get(new URL('events', url), { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const reader = new StreamReader(response);
  await reader.until(() => reader.hello !== null);
  return reader;
}

/** As `openReader`; it is closed after the test. */
export async function readStream(url: string): Promise<StreamReader> {
  const reader = await openReader(url);
  onTestFinished(() => reader.close());
  return reader;
}
