/**
 * From a TypeScript file to one script that a browser runs as it is: the room page, the script that drives it, and the
 * report's charts. Like `errors.ts` it belongs to no folder, and everything may import it.
 */
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/**
 * Bundles a script with all that it imports, minified.
 *
 * @throws Error of esbuild when a source is missing or wrong.
 */
export function bundleForBrowser(entry: URL): string {
  // The synchronous way leaves no child process behind.
  return buildSync({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
  }).outputFiles[0]!.text;
}

const inlined = new Map<string, string>();

/** The same as text between script tags, made once a process. */
export function inlineForBrowser(entry: URL): string {
  const made = inlined.get(entry.href) ?? bundleForBrowser(entry).replaceAll('</script', '<\\/script');
  inlined.set(entry.href, made);
  return made;
}
