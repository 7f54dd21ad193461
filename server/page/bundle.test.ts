/** How the page is made and kept. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bundlePage } from './bundle.ts';

function emptyCache(): { readonly dir: string; readonly url: URL } {
  const dir = mkdtempSync(join(tmpdir(), 'roomrush-page-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return { dir, url: pathToFileURL(`${dir}/`) };
}

const scriptOf = (url: URL): string =>
  bundlePage(url)
    .find(({ path }) => path === '/page.js')!
    .body.toString();

test('the script is bundled once, and read again after that', () => {
  const { dir, url } = emptyCache();
  const script = scriptOf(url);
  const [kept, ...others] = readdirSync(dir);
  expect(others).toEqual([]);
  expect(kept).toMatch(/^page-[0-9a-f]{16}\.js$/);
  expect(scriptOf(url)).toBe(script);
  writeFileSync(join(dir, kept!), 'kept');
  expect(scriptOf(url)).toBe('kept');
});

test('servers that start at once all have the whole script', async () => {
  const { dir, url } = emptyCache();
  const module = new URL('./bundle.ts', import.meta.url).href;
  const program = `
    const { bundlePage } = await import('${module}');
    process.stdout.write(String(bundlePage(new URL('${url.href}'))[1].body.length));`;
  const run = promisify(execFile);
  const sizes = await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '-e', program])),
  );
  const size = String(Buffer.byteLength(scriptOf(url)));
  expect(sizes.map(({ stdout }) => stdout)).toEqual([size, size, size]);
  expect(readdirSync(dir)).toHaveLength(1);
});

test('a folder that cannot be had costs the keeping and not the page', () => {
  const { dir } = emptyCache();
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => said.mockRestore());
  writeFileSync(join(dir, 'file'), '');
  expect(scriptOf(pathToFileURL(join(dir, 'file', '/'))).length).toBeGreaterThan(100_000);
  expect(said.mock.calls.flat().join()).toContain('the room page is not kept');
});

test('script and style carry the digest of their sources in the page', () => {
  const page = bundlePage(emptyCache().url)[0]!.body.toString();
  expect(page).not.toContain('%digest%');
  expect(page).toMatch(/src="\/page\.js\?[0-9a-f]{16}"/);
});
