/** A test instrument: a stream that says it is a terminal, and shows what would stand on one. */
import { Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import { widthOf } from '../render/columns.ts';

export class FakeScreen extends Writable {
  readonly isTTY: boolean;
  columns: number;
  /** All that was written. */
  text = '';
  /** Node's own rule: it looks at the environment. */
  readonly getColorDepth = WriteStream.prototype.getColorDepth;

  constructor(columns = 80, isTTY = true) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.isTTY = isTTY;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }

  /** The rows as their reader sees them, without colours. Only what is written while it is this wide is placed rightly. */
  rows(): string[] {
    const rows: string[][] = [[]];
    let [row, column] = [0, 0];
    for (const sign of signsOf(this.text)) {
      if (sign === '\n') [row, column] = [row + 1, 0];
      else if (sign === '\r') column = 0;
      else if (sign.startsWith('\x1b')) {
        const count = Number(sign.slice(2, -1) || 1);
        if (sign.endsWith('A')) row -= count;
        else if (sign.endsWith('K')) rows[row]!.length = Math.min(rows[row]!.length, column);
        else if (sign.endsWith('J')) {
          rows[row]!.length = Math.min(rows[row]!.length, column);
          rows.length = row + 1;
        } else if (!sign.endsWith('m')) throw new Error(`not known: ${JSON.stringify(sign)}`);
      } else {
        const width = widthOf(sign);
        if (column + width > this.columns) [row, column] = [row + 1, 0];
        rows[row] ??= [];
        for (let nth = 0; nth < width; nth++) rows[row]![column + nth] = nth === 0 ? sign : '';
        column += width;
      }
      if (row < 0) throw new Error('above the first row');
      rows[row] ??= [];
    }
    return rows.map((signs) =>
      Array.from(signs, (sign) => sign ?? ' ')
        .join('')
        .trimEnd(),
    );
  }
}

/** Characters, and each escape sequence whole. */
function signsOf(text: string): string[] {
  const signs: string[] = [];
  for (const [nth, piece] of text.split('\x1b').entries()) {
    if (nth === 0) {
      signs.push(...piece);
      continue;
    }
    const end = [...piece].findIndex((sign) => /[A-Za-z]/.test(sign)) + 1;
    signs.push(`\x1b${piece.slice(0, end)}`, ...piece.slice(end));
  }
  return signs;
}
