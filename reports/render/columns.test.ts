/** Widths, cuts and breaks, of names in any script. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, leftCell, plain, rightCell, row, widthOf, wrap } from './columns.ts';

test.each([
  ['Zuckerberg', 10],
  ['夜の部屋', 8],
  ['ｶﾞ', 2],
  ['한국', 4],
  ['한국'.normalize('NFD'), 4],
  ['é'.normalize('NFD'), 1],
  ['שלום', 4],
  ['\u2068שלום\u2069', 4],
  ['🎉', 2],
  ['❤', 1],
  ['❤️', 2],
  ['🇩🇪', 2],
  ['1️⃣', 2],
  ['▁█…', 3],
])('%s takes %i columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('a cut leaves whole characters, as their reader knows them', () => {
  expect(cut('The Good Time Show', 18)).toBe('The Good Time Show');
  expect(cut('The Good Time Show', 10)).toBe('The Good …');
  expect(cut('夜の部屋', 6)).toBe('夜の…');
  expect(cut('夜の部屋', 7)).toBe('夜の部…');
  expect(cut('ab👩‍👩‍👧cd', 8)).toBe('ab…');
  expect(cut('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  expect(cut('anything', 1)).toBe('…');
  expect(cut('anything', 0)).toBe('');
});

test('cells are as wide as they are said to be; a right one keeps its distance', () => {
  expect(leftCell('ab', 4)).toBe('ab  ');
  expect(leftCell('abcdef', 4)).toBe('abc…');
  expect(rightCell('12 %', 6)).toBe('  12 %');
  expect(rightCell('1,234,567', 6)).toBe(' 1,23…');
  expect(leftCell('夜の部屋', 6)).toBe('夜の… ');
});

test('nothing of a name is obeyed: no colour, no cursor, no line, no reading direction', () => {
  expect(plain('\x1b[31mred\x1b[0m')).toBe('red');
  expect(plain('a\x1b]0;title\x07b')).toBe('ab');
  expect(plain('a\r\nb\u2028c\td\x9bm')).not.toMatch(/[\p{Cc}\u2028]/u);
  expect(plain('abc\u202edef\u2066')).toBe('abcdef');
  expect(plain('a\ud800b')).toBe('a\ufffdb');
});

test('a right-to-left name stands by itself, so that figures beside it stay where they are', () => {
  expect(cut('חדר גדול', 20)).toBe('\u2068חדר גדול\u2069');
  expect(cut('חדר גדול', 5)).toBe('\u2068חדר \u2069…');
  expect(wrap('חדר גדול מאוד', 9)).toEqual(['\u2068חדר גדול\u2069', '\u2068מאוד\u2069']);
  expect(widthOf(leftCell('חדר', 8))).toBe(8);
});

test('sentences break between words, and words that are too long within', () => {
  expect(wrap('Those inside keep hearing the host', 20)).toEqual(['Those inside keep', 'hearing the host']);
  expect(wrap('note: a b', 9, '  ', '    ')).toEqual(['  note:', '    a b']);
  expect(wrap('more than 30 % of it', 12)).toEqual(['more than', '30 % of it']);
  expect(wrap('see abcdefghij', 6)).toEqual(['see', 'abcdef', 'ghij']);
  expect(wrap('夜の部屋が満員です', 8)).toEqual(['夜の部屋', 'が満員で', 'す']);
  expect(wrap('', 8, '  ')).toEqual(['']);
});

test('a row: its label may take several lines, its figures stand beside the first', () => {
  const widths = { label: 20, run: 10 };
  expect(row('Tried to come back and could not', ['4', '12'], widths, undefined, '  ')).toEqual([
    '  Tried to come              4        12',
    '    back and could',
    '    not',
  ]);
});

test('whatever a name is made of, no line is wider than it may be', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 60 }), (name, width) => {
      const lines = [cut(name, width), leftCell(name, width), rightCell(name, width), ...wrap(name, width)];
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
      expect(lines.join('')).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      expect(widthOf(leftCell(name, width))).toBe(width);
    }),
  );
});
