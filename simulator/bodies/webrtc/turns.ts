/**
 * Who may work now: at most `concurrency` at once, the others in a bounded queue, first come, first served.
 *
 * A turn ends when its holder says so, and after HOLD_MS_MAX in any case: a stalled server keeps handshakes waiting
 * for seconds, and must not thereby slow the crowd down.
 */
import { PeerError } from '../peer-pool.ts';

const HOLD_MS_MAX = 250;
const QUEUE_MAX = 10_000;

/** Gives the turn back; calling it again does nothing. */
export type EndTurn = () => void;

export class Turns {
  readonly #concurrency: number;
  #working = 0;
  #queue: { start: () => void; refuse: (error: Error) => void }[] = [];

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Resolves when it is one's turn. Rejects with PeerError when too many wait, or when close() comes first. */
  take(): Promise<EndTurn> {
    if (this.#queue.length >= QUEUE_MAX) {
      return Promise.reject(new PeerError('peer-queue-full', `${QUEUE_MAX} peers wait to be opened already`));
    }
    return new Promise((resolve, refuse) => {
      const start = () => resolve(this.#begin());
      if (this.#working < this.#concurrency) {
        start();
      } else {
        this.#queue.push({ start, refuse });
      }
    });
  }

  /** Refuses everybody who waits. */
  close(): void {
    for (const { refuse } of this.#queue.splice(0)) {
      refuse(new PeerError('peer-pool-closed', 'The pool was closed while the peer waited for its turn'));
    }
  }

  #begin(): EndTurn {
    this.#working += 1;
    let ended = false;
    const end = () => {
      if (!ended) {
        ended = true;
        clearTimeout(timer);
        this.#working -= 1;
        this.#queue.shift()?.start();
      }
    };
    const timer = setTimeout(end, HOLD_MS_MAX);
    return end;
  }
}
