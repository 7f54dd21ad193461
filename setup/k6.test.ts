/** How setup finds or gets a k6. The k6 here are stand-ins that know nothing but their version. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { type LaidClone, layClone, startScript } from './laid-clone.ts';

/** Refuses connections: there is nothing to download. */
const NO_RELEASES = 'http://127.0.0.1:9';
const PINNED = '1.8.1';
let clone: LaidClone;

beforeEach(() => {
  clone = layClone();
});

afterEach(() => clone.remove());

/** @returns the folder of a program of that name. */
function program(folder: string, name: string, script: string): string {
  const dir = join(clone.dir, folder);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dir, name), 0o755);
  return dir;
}

const k6OfVersion = (version: string) => `echo 'k6 v${version} (go1.26.8, linux/amd64)'`;

/** Sets the clone up with these folders before the system's own, where neither k6 nor Go is looked for. */
function setUp(folders: readonly string[], env: NodeJS.ProcessEnv = {}, purpose = 'k6') {
  const system = ['/usr/bin', '/bin'].filter((dir) => !existsSync(join(dir, 'k6')));
  const PATH = [...folders, join(process.execPath, '..'), ...system].join(':');
  return startScript(clone, 'bootstrap.js', [purpose], {
    env: { PATH, ROOMRUSH_K6: '', ROOMRUSH_K6_RELEASES: NO_RELEASES, ...env },
  }).ended;
}

function recorded(): string | null {
  return JSON.parse(readFileSync(clone.record, 'utf8')).k6;
}

const keptK6 = () => join(clone.cacheDir, 'k6', PINNED, 'k6');

it('passes over a k6 on PATH that is too old or none, and takes the next one', async () => {
  const none = program('none', 'k6', 'echo hello');
  const old = program('old', 'k6', k6OfVersion('0.57.0'));
  const good = program('good', 'k6', k6OfVersion('1.2.0'));
  expect((await setUp([none, old, good])).code).toBe(0);
  expect(recorded()).toBe(join(good, 'k6'));
});

it.each([
  ['none', 'echo hello', 'is none'],
  ['a program that fails', 'exit 3', 'is none'],
  ['an old one', k6OfVersion('0.57.0'), 'is version 0.57.0'],
])(
  'refuses a ROOMRUSH_K6 that is %s, even where another one could be had',
  async (_what, script, message) => {
    const dir = program('named', 'k6', script);
    const good = program('good', 'k6', k6OfVersion('1.2.0'));
    const { code, stderr } = await setUp([good], { ROOMRUSH_K6: join(dir, 'k6') }, 'start');
    expect(code).toBe(5);
    expect(stderr).toContain(
      `Expected ROOMRUSH_K6 to name a k6 of version 1.0 or newer; ${join(dir, 'k6')} ${message}.`,
    );
  },
);

it('takes the one that ROOMRUSH_K6 names', async () => {
  const dir = program('named', 'k6', k6OfVersion('1.0.0'));
  expect((await setUp([], { ROOMRUSH_K6: join(dir, 'k6') })).code).toBe(0);
  expect(recorded()).toBe(join(dir, 'k6'));
});

it('builds the pinned one with Go into the cache, once', async () => {
  const go = program(
    'go',
    'go',
    `echo "$@" >> ${clone.dir}/asked\nprintf '#!/bin/sh\\n${k6OfVersion(PINNED).replaceAll("'", '"')}\\n' > $GOBIN/k6\nchmod +x $GOBIN/k6`,
  );
  const { code, stderr } = await setUp([go]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('k6 was not downloaded: ')]);
  expect(recorded()).toBe(keptK6());
  expect((await setUp([go])).stderr).toBe('');
  expect(readFileSync(join(clone.dir, 'asked'), 'utf8')).toBe(`install go.k6.io/k6@v${PINNED}\n`);
  expect(readdirSync(join(clone.cacheDir, 'k6'))).toEqual([PINNED]);
});

it.each([
  ['there is no Go', null, 'there is no Go to build one with'],
  ['Go fails', 'echo no space; exit 1', `Go could not build k6 ${PINNED}:\n  | no space`],
  [
    'what Go built is another version',
    'printf "#!/bin/sh\\necho k6 v9.9.9" > $GOBIN/k6; chmod +x $GOBIN/k6',
    'got 9.9.9',
  ],
])(
  'exits with 5 and says what to do when %s, and leaves nothing half-made',
  async (_what, script, message) => {
    const { code, stderr } = await setUp(script === null ? [] : [program('go', 'go', script)]);
    expect(code).toBe(5);
    expect(stderr).toContain(message.split('\n')[0]);
    for (const line of message.split('\n')) expect(stderr).toContain(line);
    expect(stderr).toContain(`go install go.k6.io/k6@v${PINNED}`);
    expect(readdirSync(join(clone.cacheDir, 'k6'))).toEqual([]);
    expect(existsSync(clone.record)).toBe(false);
  },
);

it('a night without k6 listeners needs none', async () => {
  expect((await setUp([], {}, 'start')).code).toBe(0);
  expect(recorded()).toBeNull();
  expect((await setUp([])).code).toBe(5);
});

/** The official release as its place has it: the archive of this platform and a list of checksums. */
async function mirror(checksum: (archive: Buffer) => string): Promise<string> {
  const name = `k6-v${PINNED}-linux-${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
  program(`release/${name}`, 'k6', k6OfVersion(PINNED));
  const archive = spawnSync('tar', ['-czf', '-', '-C', join(clone.dir, 'release'), name]).stdout;
  const files: Record<string, string | Buffer> = {
    [`/v${PINNED}/k6-v${PINNED}-checksums.txt`]: `${checksum(archive)}  ${name}.tar.gz\n`,
    [`/v${PINNED}/${name}.tar.gz`]: archive,
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.writeHead(file === undefined ? 404 : 200).end(file);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.runIf(process.platform === 'linux')(
  'downloads the official release when its checksum is right',
  async () => {
    const releases = await mirror((archive) => createHash('sha256').update(archive).digest('hex'));
    expect((await setUp([], { ROOMRUSH_K6_RELEASES: releases })).code).toBe(0);
    expect(recorded()).toBe(keptK6());
  },
);

it.runIf(process.platform === 'linux')('does not use a release whose checksum is wrong', async () => {
  const releases = await mirror(() => '0'.repeat(64));
  const { code, stderr } = await setUp([], { ROOMRUSH_K6_RELEASES: releases });
  expect(code).toBe(5);
  expect(stderr).toMatch(
    /k6 was not downloaded: expected k6-v1\.8\.1-linux-\w+\.tar\.gz with the SHA-256 0{64}, got/,
  );
  expect(existsSync(keptK6())).toBe(false);
});
