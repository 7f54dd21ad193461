/** The script of `in-page/` as one text that any page can run. */
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

let bundled: string | null = null;

/** Made once a process. */
export function pageScript(): string {
  bundled ??= buildSync({
    entryPoints: [fileURLToPath(new URL('./in-page/main.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
  }).outputFiles[0]!.text;
  return bundled;
}
