/**
 * Text in the columns of a terminal: how wide it is there, cut and broken at a width, and free of what is no text.
 * Names come from outside and in any script.
 */
import { stripVTControlCharacters, styleText } from 'node:util';

/** What every terminal has. */
export const COLUMNS_MAX = 80;

const PLAIN_ASCII = /^[ -~]*$/;
const NO_SIGN = /[\p{Cc}\u2028\u2029]/gu;
/** Marks, overrides and isolates of the reading direction: an open one turns around what is written after it. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Drawn over the sign before: marks, joiners, and the later letters of a Hangul syllable. */
const NO_COLUMN = /^(?!\u00ad)[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
/** East Asian wide and fullwidth (Unicode, UAX 11); of the emoji those that are one without being asked to. */
const TWO_COLUMNS =
  /^(?![\u{1f1e6}-\u{1f1ff}])[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;
/** Asks for the emoji of a sign that is a narrow one otherwise. */
const AS_EMOJI = '\ufe0f';

/** Between words, but not between a figure and its unit. */
const BREAK = / (?!(?<=\d )(?:%|ms|s|kB|MB|GB|cores)(?!\p{L}))/u;

let segmenter: Intl.Segmenter | null = null;

/** One line of text with nothing in it that a terminal would obey. */
export function plain(text: string): string {
  if (PLAIN_ASCII.test(text)) return text;
  return stripVTControlCharacters(text).toWellFormed().replaceAll(NO_SIGN, ' ').replaceAll(TURNS, '');
}

/**
 * How many columns a plain text takes. Terminals do not agree about emoji that are joined from several: some draw one, some
 * draw each. Counted is what no terminal exceeds, so that a line never wraps.
 */
export function widthOf(text: string): number {
  if (PLAIN_ASCII.test(text)) return text.length;
  let width = 0;
  let last = 0;
  for (const sign of text) {
    if (sign === AS_EMOJI && last === 1) {
      width += 1;
      last = 2;
    } else if (!NO_COLUMN.test(sign)) {
      last = TWO_COLUMNS.test(sign) ? 2 : 1;
      width += last;
    }
  }
  return width;
}

/** The text, or as much of it as fits beside a `…`. Never half a character as its reader knows it. */
export function cut(text: string, width: number): string {
  const whole = plain(text);
  if (widthOf(whole) <= width) return isolated(whole);
  return width < 1 ? '' : `${isolated(startOf(whole, width - 1))}…`;
}

/** A cell of `width` columns whose text stands to the left. */
export function leftCell(text: string, width: number): string {
  return padded(cut(text, width), width, 'right');
}

/** A cell of `width` columns whose text stands to the right, with at least a space before it. */
export function rightCell(text: string, width: number): string {
  return padded(cut(text, width - 1), width, 'left');
}

/**
 * Breaks a text into lines of at most `width` columns; a word that is longer is broken as well.
 *
 * @param first what stands before the first line, as spaces do.
 * @param later what stands before the others.
 */
export function wrap(text: string, width: number, first = '', later = first): string[] {
  const room = Math.max(1, width - Math.max(widthOf(first), widthOf(later)));
  const lines: string[] = [];
  for (const word of plain(text).split(BREAK)) {
    for (const [nth, piece] of pieces(word, room).entries()) {
      const line = lines.at(-1);
      // A piece of a broken word begins a line, whatever fits.
      if (line === undefined || nth > 0 || widthOf(line) + 1 + widthOf(piece) > room) lines.push(piece);
      else lines[lines.length - 1] = `${line} ${piece}`;
    }
  }
  if (lines.length === 0) return [first.trimEnd()];
  return lines.map((line, nth) => `${nth === 0 ? first : later}${isolated(line)}`);
}

/** Widths of a table's first column and of one for each run. */
export type Widths = { readonly label: number; readonly run: number };

/** A label, wrapped where it is long, and the cells beside its first line. */
export function row(
  label: string,
  cells: readonly string[],
  widths: Widths,
  style: (text: string, nth: number) => string = (text) => text,
  indent = '',
): string[] {
  const [first = '', ...others] = wrap(label, widths.label - 1, indent, `${indent}  `);
  const space = ' '.repeat(Math.max(0, widths.label - widthOf(first)));
  const right = cells.map((cell, nth) => style(rightCell(cell, widths.run), nth));
  return [`${first}${space}${right.join('')}`.trimEnd(), ...others];
}

export type Style = Parameters<typeof styleText>[0];
/** Colours a text where its reader sees colours, and returns it as it is elsewhere. */
export type Paint = (style: Style, text: string) => string;

/** Colours as Node decides: on a terminal, without NO_COLOR; FORCE_COLOR goes before both. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** A right-to-left name would take the figures beside it along. */
function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

function padded(text: string, width: number, where: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return where === 'left' ? space + text : text + space;
}

/** The longest beginning that fits, of whole graphemes. */
function startOf(text: string, width: number): string {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  let end = 0;
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    end += segment.length;
  }
  return text.slice(0, end);
}

/** A word in pieces that fit; an empty one has none. */
function pieces(word: string, width: number): string[] {
  const found: string[] = [];
  let rest = word;
  while (rest !== '') {
    const piece = widthOf(rest) <= width ? rest : startOf(rest, width) || brokenStartOf(rest, width);
    found.push(piece);
    rest = rest.slice(piece.length);
  }
  return found;
}

/** Of a grapheme that is too wide by itself, as emoji joined by the dozen are: as many of its code points as fit. */
function brokenStartOf(text: string, width: number): string {
  let start = '';
  for (const sign of text) {
    if (start !== '' && widthOf(start + sign) > width) break;
    start += sign;
  }
  return start;
}
