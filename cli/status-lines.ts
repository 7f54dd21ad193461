/**
 * Lines at the bottom of a terminal that are rewritten, and lines above them that stay. Nothing is switched that would have
 * to be switched back: however the process ends, the worst that stays is the last status.
 */
import type { Screen } from './outputs.ts';

const COLUMNS = 80;
const TO_LINE_END = '\x1b[K';
const TO_SCREEN_END = '\x1b[J';

/** Those that stand on a terminal now: whoever else writes there makes them leave first. */
let shown: StatusLines | null = null;
let isWatched = false;

/** Ends the status that stands on a terminal, if one does: it stays as it is, and what comes next has a line of its own. */
export function leaveStatusLines(): void {
  shown?.leave();
}

export class StatusLines {
  readonly screen: Screen;
  #lines: readonly string[] = [];
  /** How wide the terminal was when they were written. */
  #width = 0;

  constructor(screen: Screen) {
    this.screen = screen;
  }

  /** Elsewhere `show` writes nothing. */
  get isRewritable(): boolean {
    return this.screen.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  /** What fits on one line. The last column is left free: written there, some terminals go to the next line. */
  get width(): number {
    return (this.screen.columns || COLUMNS) - 1;
  }

  /** Writes these lines in place of those before. None may be wider than `width`. */
  show(lines: readonly string[]): void {
    if (!this.isRewritable) return;
    watchTerminal();
    const text = lines.map((line) => `${line}${TO_LINE_END}`).join('\n');
    this.screen.write(`${this.#back()}${text}${TO_SCREEN_END}`);
    this.#lines = lines;
    this.#width = this.width;
    shown = this;
  }

  /** Writes a line that stays, above the status. */
  say(text: string): void {
    const lines = this.#isInPlace() ? this.#lines : [];
    this.screen.write(this.#lines.length > 0 ? `${this.#back()}${TO_SCREEN_END}${text}\n` : `${text}\n`);
    this.#forget();
    if (lines.length > 0) this.show(lines);
  }

  /** Takes the status away. */
  clear(): void {
    if (this.#lines.length > 0) this.screen.write(`${this.#back()}${TO_SCREEN_END}`);
    this.#forget();
  }

  /** Leaves the status where it is, as others are about to write. */
  leave(): void {
    if (this.#lines.length > 0) this.screen.write('\n');
    this.#forget();
  }

  /** The shell has written meanwhile: the next status begins where the cursor is. */
  stepAside(): void {
    this.#forget();
  }

  #forget(): void {
    this.#lines = [];
    if (shown === this) shown = null;
  }

  #isInPlace(): boolean {
    return this.#width === this.width;
  }

  /**
   * To where the status began. A terminal of another width than before may have broken its lines anew: then only the line
   * with the cursor is known to be ours, and what stands above is left alone.
   */
  #back(): string {
    const above = this.#isInPlace() ? this.#lines.length - 1 : 0;
    if (this.#lines.length === 0) return '';
    return above > 0 ? `\r\x1b[${above}A` : '\r';
  }
}

/** An exit in the middle, and a return from Ctrl-Z. */
function watchTerminal(): void {
  if (isWatched) return;
  isWatched = true;
  process.on('exit', leaveStatusLines);
  process.on('SIGCONT', () => shown?.stepAside());
}
