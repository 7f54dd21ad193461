/**
 * The room page as the gateway serves it. Its script is bundled when a server starts and kept by the digest of its
 * sources, so that only the first start after a change pays for it. Two servers that start at once may both bundle;
 * each writes beside and renames, so that neither ever reads half a file.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { bundleForBrowser } from '../../browser-script.ts';
import { nodeCode, ServerError } from '../errors.ts';

const HERE = new URL('./', import.meta.url);
const PROTOCOL = new URL('../protocol/', import.meta.url);
const BUNDLER = new URL('../../browser-script.ts', import.meta.url);
const LOCK_FILE = new URL('../../package-lock.json', import.meta.url);
const CACHE = new URL('../../node_modules/.cache/roomrush/', import.meta.url);
const DIGEST_LETTERS = 16;

/** Nothing from elsewhere, and the one connection that the page is for. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; img-src data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export type PageFile = {
  readonly path: '/' | '/page.js' | '/page.css';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/**
 * The files of the page, ready to be served.
 *
 * @throws ServerError PAGE_FAILED when a source is missing or the script cannot be bundled.
 */
export function bundlePage(cache: URL = CACHE): readonly PageFile[] {
  try {
    const digest = digestOfSources();
    const html = readFileSync(new URL('index.html', HERE), 'utf8').replaceAll('%digest%', digest);
    return [
      file('/', 'text/html; charset=utf-8', Buffer.from(html), 'no-cache'),
      file('/page.js', 'text/javascript; charset=utf-8', scriptOf(digest, cache)),
      file('/page.css', 'text/css; charset=utf-8', readFileSync(new URL('page.css', HERE))),
    ];
  } catch (error) {
    throw new ServerError(
      'PAGE_FAILED',
      `the room page cannot be made: ${error instanceof Error ? error.message : error}`,
      'Run `npx roomrush doctor`; where packages are missing, `npm ci` brings them.',
      { cause: error },
    );
  }
}

/** Script and style carry the digest in their address, so that a browser may keep them. */
function file(path: PageFile['path'], type: string, body: Buffer, keep = 'max-age=86400'): PageFile {
  return {
    path,
    headers: {
      'content-type': type,
      'cache-control': keep,
      'content-security-policy': CONTENT_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body,
  };
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const folder of [HERE, PROTOCOL]) {
    for (const name of readdirSync(folder).sort()) {
      if (name.endsWith('.test.ts') || !/\.(ts|html|css)$/.test(name)) continue;
      hash.update(`${name}\0`).update(readFileSync(new URL(name, folder)));
    }
  }
  return hash
    .update(readFileSync(BUNDLER))
    .update(readFileSync(LOCK_FILE))
    .digest('hex')
    .slice(0, DIGEST_LETTERS);
}

function scriptOf(digest: string, cache: URL): Buffer {
  const kept = new URL(`page-${digest}.js`, cache);
  try {
    return readFileSync(kept);
  } catch (error) {
    // Not there, or not to be read: then it is made anew.
    if (nodeCode(error) === undefined) throw error;
  }
  const script = Buffer.from(bundleForBrowser(new URL('main.ts', HERE)));
  keep(script, kept, cache);
  return script;
}

/** A clone that may not be written to has a page all the same; it is made anew at every start. */
function keep(script: Buffer, kept: URL, cache: URL): void {
  const beside = new URL(`${kept.href}.${process.pid}`);
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(beside, script);
    renameSync(beside, kept);
  } catch (error) {
    console.error(`the room page is not kept: ${error instanceof Error ? error.message : error}`);
  }
}
