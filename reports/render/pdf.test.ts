/** A report on paper, printed by a real browser; and what is said where that cannot be. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readSetup } from '../../setup/paths.ts';
import { emptyFolder, playInto, type RunsFolder } from '../listing/testing/runs-folder.ts';
import { writePdf } from './pdf.ts';

let made: RunsFolder;
let report: string;
beforeAll(async () => {
  made = emptyFolder();
  report = path.join(await playInto(made.dir, 'run'), 'report.html');
});
afterAll(() => made?.remove());

const pages = (pdf: string) => [...pdf.matchAll(/\/Type\s*\/Page(?![a-zA-Z])/g)].length;

test('pages of A4 with the title of the report, and nothing half-written beside them', async () => {
  const pdf = path.join(made.dir, 'run', 'report.pdf');
  await writePdf({ report, pdf, name: '<b>by-hand</b>', chromium: readSetup().chromium });
  const bytes = readFileSync(pdf);
  const text = bytes.toString('latin1');
  expect(text.slice(0, 5)).toBe('%PDF-');
  expect(text.trimEnd().slice(-5)).toBe('%%EOF');
  expect(pages(text)).toBeGreaterThan(2);
  // 210 by 297 mm in points; Chromium rounds them up to pixels.
  const [, width, height] = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/.exec(text)!;
  expect(Math.abs(Number(width) - 595.28)).toBeLessThan(1);
  expect(Math.abs(Number(height) - 841.89)).toBeLessThan(1);
  expect(titleOf(bytes)).toMatch(/^A small night: guarded pass – roomrush$/);
  expect(bytes.length).toBeGreaterThan(20_000);
  expect(existsSync(`${pdf}.part`)).toBe(false);
});

/** Of the document: a text in parentheses, or UTF-16 in hexadecimal digits. */
function titleOf(bytes: Buffer): string {
  const [, plain, hex] = /\/Title\s*(?:\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f]+)>)/.exec(
    bytes.toString('latin1'),
  )!;
  const raw = hex === undefined ? Buffer.from(unescaped(plain!), 'latin1') : Buffer.from(hex, 'hex');
  return raw[0] === 0xfe && raw[1] === 0xff
    ? raw.subarray(2).swap16().toString('utf16le')
    : raw.toString('latin1');
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})|\\(.)/g, (_, octal: string | undefined, sign: string) =>
    octal === undefined ? sign : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

test('without a browser, or with one that is none, it is said, and what was there before stays', async () => {
  const pdf = path.join(made.dir, 'before.pdf');
  writeFileSync(pdf, 'before');
  await expect(writePdf({ report, pdf, name: 'run', chromium: null })).rejects.toMatchObject({
    code: 'no-chromium',
    exitCode: 5,
    hint: expect.stringContaining('node setup/bootstrap.js test'),
  });
  await expect(writePdf({ report, pdf, name: 'run', chromium: '/bin/false' })).rejects.toMatchObject({
    code: 'chromium-does-not-start',
    exitCode: 5,
  });
  expect(readFileSync(pdf, 'utf8')).toBe('before');
});

test('a page that never draws its charts is not waited for without an end', async () => {
  const { dir, remove } = emptyFolder();
  onTestFinished(remove);
  const blank = path.join(dir, 'report.html');
  writeFileSync(blank, '<!doctype html><title>Nothing</title>');
  const printed = writePdf({
    ...{ report: blank, pdf: path.join(dir, 'report.pdf'), name: 'run', chromium: readSetup().chromium },
    stepMsMax: 500,
  });
  await expect(printed).rejects.toMatchObject({ code: 'not-printed', exitCode: 5 });
  expect(existsSync(path.join(dir, 'report.pdf'))).toBe(false);
});
