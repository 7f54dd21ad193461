/** The page's connection to /signal: one WebSocket at a time, and silence about those that were given up. */

export type LinkEvents = {
  opened(): void;
  /** It never opened: nobody listens, or the server is full. */
  refused(): void;
  closed(): void;
  frame(text: string): void;
};

export class Link {
  readonly #url: string;
  readonly #events: LinkEvents;
  #socket: WebSocket | null = null;
  /** As far as the other side can tell, the listener has fallen asleep: nothing goes out, nothing is heard. */
  #silent = false;

  constructor(url: string, events: LinkEvents) {
    this.#url = url;
    this.#events = events;
  }

  /** Gives up an earlier connection, if there is one. */
  dial(): void {
    this.close();
    this.#silent = false;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    let opened = false;
    const isCurrent = (): boolean => this.#socket === socket && !this.#silent;
    socket.addEventListener('open', () => {
      opened = true;
      if (isCurrent()) this.#events.opened();
    });
    socket.addEventListener('message', ({ data }) => {
      if (isCurrent() && typeof data === 'string') this.#events.frame(data);
    });
    socket.addEventListener('close', () => {
      if (!isCurrent()) return;
      this.#socket = null;
      if (opened) this.#events.closed();
      else this.#events.refused();
    });
  }

  /** What is said without a connection is lost, as on any line. */
  send(frame: string): void {
    if (this.#silent || this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(frame);
  }

  /** A page cannot cut a connection without a close frame; both ways of ending are this one. */
  close(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  silence(): void {
    this.#silent = true;
  }
}
