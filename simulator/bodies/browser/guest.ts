/**
 * One person in a real page, seen from outside: the page is opened, told its orders and listened to. A page that does not
 * load, crashes or hangs is a listener that failed and gave up, by a cause of its own: no fault of the run's, and nobody
 * whom the server threw out.
 */
import type { Browser } from 'puppeteer';
import type { RowType } from '../../../events/row.ts';
import type { EventWriter } from '../../../events/writer.ts';
import type { FailureCause, GaveUpCause } from '../../listener/effects.ts';
import type { ListenerRules, ListenerTraits, Phase } from '../../listener/listener.ts';
import type { Tally } from '../../listener/tally.ts';
import { type PageOrders, type PageReport, type PageRow, pageReportSchema } from './crossing.ts';
import { TooLateError } from './in-time.ts';
import { type PageClock, toNs, toPageMs } from './page-clock.ts';
import { RoomPage } from './room-page.ts';

/** What the people of a process share. */
export type GuestSide = {
  readonly browser: Browser;
  /** Of the room page. */
  readonly url: string;
  /** The script of `in-page/`. */
  readonly script: string;
  readonly rules: ListenerRules;
  readonly log: EventWriter;
  /** Is fed with every row that goes into the log. */
  readonly tally: Tally;
  /** Instant of the night, ms; null before its zero is known. */
  nowMs(): number | null;
  /** The zero on CLOCK_MONOTONIC; null before it is known. */
  nightStartNs(): bigint | null;
  nextConnectionId(): number;
  /** A report has come. */
  heard(traffic: PageReport['traffic']): void;
  trouble(code: string): void;
};

type PageFailure = Extract<FailureCause, `page-${string}`>;

export class Guest {
  readonly personId: number;
  phase: Phase = 'idle';
  hasArrived = false;
  hasJoined = false;
  readonly #traits: ListenerTraits;
  readonly #hallwayAtMs: number;
  readonly #seed: number;
  readonly #side: GuestSide;
  readonly #page: RoomPage;
  /** away: no page yet. living: the page has its orders. over: the page is gone, or of no interest any more. */
  #state: 'away' | 'loading' | 'ready' | 'living' | 'over' = 'away';
  #clock: PageClock | null = null;
  /** How the page failed before its person was to arrive. */
  #failure: PageFailure | null = null;
  #isAsked = false;
  #connectionId: number | null = null;
  /** Of its last row. */
  #last: { attempt: number | null; room: string | null } = { attempt: null, room: null };

  constructor(traits: ListenerTraits, hallwayAtMs: number, seed: number, side: GuestSide) {
    this.personId = traits.personId;
    this.#traits = traits;
    this.#hallwayAtMs = hallwayAtMs;
    this.#seed = seed;
    this.#side = side;
    this.#page = new RoomPage({
      browser: side.browser,
      url: side.url,
      script: side.script,
      locale: traits.profile?.locale ?? null,
      onReport: (text) => this.#hear(text),
      onCrash: (why) => this.#fail('page-crash', why),
      onError: (error) => console.error(`person ${this.personId}: ${error}`),
    });
  }

  /** When the page is needed, ms of the night. */
  get dueMs(): number {
    return Number.isNaN(this.#hallwayAtMs) ? this.#traits.intendedMs : this.#hallwayAtMs;
  }

  get intendedMs(): number {
    return this.#traits.intendedMs;
  }

  /** Opens the page. Resolves when it is ready or has failed; never rejects. */
  async load(): Promise<void> {
    this.#state = 'loading';
    const beganMs = performance.now();
    try {
      const clock = await this.#page.load();
      // It may have crashed, or the night may be over.
      if (this.#state !== 'loading') return;
      this.#clock = clock;
      this.#state = 'ready';
      this.#row('page-loaded', null, performance.now() - beganMs);
      this.#row('page-clock', null, clock.errorMs);
      this.begin();
    } catch (error) {
      this.#fail('page-load', error);
    }
  }

  /** The night's zero is known: a page that is ready gets its orders. */
  begin(): void {
    const nightStartNs = this.#side.nightStartNs();
    if (this.#state !== 'ready' || nightStartNs === null) return;
    this.#state = 'living';
    const orders: PageOrders = {
      traits: this.#traits,
      rules: this.#side.rules,
      seed: this.#seed,
      hallwayAtMs: this.#hallwayAtMs,
      zeroMs: toPageMs(this.#clock!, nightStartNs),
      hasArrived: this.hasArrived,
    };
    this.#page.begin(orders).catch((error) => this.#lose(error));
  }

  /** The intended instant has come: a page that has its orders knows by itself, the others' people arrive here. */
  arrive(): void {
    if (this.#state === 'living' || this.hasArrived) return;
    this.#setOut();
    if (this.#failure !== null) this.#giveUp(this.#failure);
    else this.#side.trouble('page-late');
  }

  /** Asks the page for an answer, unless an answer is awaited already. */
  ask(): void {
    if (this.#state !== 'living' || this.phase === 'gone' || this.#isAsked) return;
    this.#isAsked = true;
    this.#page.answer().then(
      () => {
        this.#isAsked = false;
      },
      (error) => this.#lose(error),
    );
  }

  /** Everything has crashed: the browser is gone. */
  crash(): void {
    this.#fail('page-crash', 'the browser has ended');
  }

  /** A picture of the page (PNG); null when there is nothing to be seen. */
  async picture(): Promise<Uint8Array | null> {
    return this.#state === 'living' ? this.#page.picture() : null;
  }

  /** The night is over: the last rows, for whoever has not gone. Never rejects. */
  async end(): Promise<void> {
    if (this.#state === 'living') {
      await this.#page.end().catch((error) => this.#lose(error));
    } else if (this.#state !== 'over' && this.hasArrived) {
      this.#row('at-end', 'joining', null);
    }
    this.forget();
  }

  /** Nothing that becomes of the page matters any more. */
  forget(): void {
    this.#state = 'over';
  }

  #hear(text: string): void {
    if (this.#state !== 'living') return;
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    const parsed = pageReportSchema.safeParse(raw);
    if (!parsed.success) {
      this.#side.trouble('page-report');
      console.error(`person ${this.personId}: not a report: ${parsed.error.message}`);
      return;
    }
    const { rows, phase, hasArrived, hasJoined, traffic } = parsed.data;
    Object.assign(this, { phase, hasArrived, hasJoined });
    for (const row of rows) this.#told(row);
    this.#side.heard(traffic);
  }

  #told({ type, atMs, attempt, room, cause, value, lost }: PageRow): void {
    if (type === 'dial') this.#connectionId = this.#side.nextConnectionId();
    this.#last = { attempt, room };
    const tNs = toNs(this.#clock!, atMs);
    const { log, tally } = this.#side;
    const nightMs = Number(tNs - this.#side.nightStartNs()!) / 1e6;
    tally.note(this.#traits, { row: type, room, cause, value }, nightMs);
    log.row(type, this.personId, attempt, this.#connectionId, room, cause, value, lost, null, tNs);
  }

  /** An answer did not come: in time, or at all. */
  #lose(error: unknown): void {
    this.#fail(error instanceof TooLateError ? 'page-hang' : 'page-crash', error);
  }

  #fail(cause: PageFailure, why: unknown): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    console.error(`person ${this.personId}: ${cause}: ${why instanceof Error ? why.message : why}`);
    this.#page.close();
    if (this.phase === 'gone') return;
    this.#failure = cause;
    const nowMs = this.#side.nowMs();
    if (nowMs === null || nowMs < this.intendedMs) return;
    // The page may have failed before it could tell.
    if (!this.hasArrived) this.#setOut();
    this.#giveUp(cause);
  }

  #setOut(): void {
    this.hasArrived = true;
    // Where the page loads still, its person is about to dial.
    this.phase = 'dialing';
    const slipMs = (this.#side.nowMs() ?? 0) - this.intendedMs;
    this.#row('arrive', null, slipMs);
  }

  #giveUp(cause: PageFailure): void {
    this.#row('failed', cause, null);
    this.#row('gave-up', 'page' satisfies GaveUpCause, null);
    this.phase = 'gone';
  }

  #row(type: RowType, cause: string | null, value: number | null): void {
    const { attempt, room } = this.#last;
    const { log, tally } = this.#side;
    tally.note(this.#traits, { row: type, room, cause, value }, this.#side.nowMs() ?? 0);
    log.row(type, this.personId, attempt, this.#connectionId, room, cause, value);
  }
}
