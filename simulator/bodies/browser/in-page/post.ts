/**
 * The way out of the page: rows are gathered for a moment and told together, because each crossing costs both
 * processes more than the row itself. What ends or begins something goes at once.
 */
import type { PageReport, PageRow } from '../crossing.ts';

const GATHER_MS = 50;
/** If the process were slow to take them, a crash now would lose them. */
const AT_ONCE: ReadonlySet<PageRow['type']> = new Set([
  'arrive',
  'seated',
  'in',
  'ejected',
  'failed',
  'gave-up',
  'left',
  'at-end',
]);

export class Post {
  /** Since the last report. */
  readonly #traffic = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
  readonly #tell: (report: string) => Promise<unknown>;
  readonly #state: () => Pick<PageReport, 'phase' | 'hasArrived' | 'hasJoined'>;
  readonly #encoder = new TextEncoder();
  #rows: PageRow[] = [];
  #timer: number | null = null;

  /** @param state how the person is, asked when a report goes. */
  constructor(
    tell: (report: string) => Promise<unknown>,
    state: () => Pick<PageReport, 'phase' | 'hasArrived' | 'hasJoined'>,
  ) {
    this.#tell = tell;
    this.#state = state;
  }

  row(row: PageRow): void {
    this.#rows.push(row);
    if (!AT_ONCE.has(row.type)) this.#timer ??= window.setTimeout(() => void this.send(), GATHER_MS);
    // The rest of what this event brings belongs into the same report.
    else queueMicrotask(() => void this.send());
  }

  came(frame: string): void {
    this.#traffic.messagesIn++;
    this.#traffic.bytesIn += this.#encoder.encode(frame).length;
  }

  went(frame: string): void {
    this.#traffic.messagesOut++;
    this.#traffic.bytesOut += this.#encoder.encode(frame).length;
  }

  /** Tells what has gathered. Resolves when the process has it. */
  async send(): Promise<void> {
    if (this.#timer !== null) window.clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#rows.length === 0 && this.#traffic.messagesIn === 0 && this.#traffic.messagesOut === 0) return;
    const report: PageReport = { rows: this.#rows, ...this.#state(), traffic: { ...this.#traffic } };
    this.#rows = [];
    Object.assign(this.#traffic, { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 });
    await this.#tell(JSON.stringify(report));
  }
}
