import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LaidClone, layClone, startScript } from './laid-clone.ts';

const NOBODY = 65_534;
/** Only root can become another user, and that user has to reach this Node. */
const itAsNobody = it.runIf(
  process.getuid?.() === 0 && spawnSync(process.execPath, ['-v'], { uid: NOBODY }).status === 0,
);
let clone: LaidClone;

beforeEach(() => {
  clone = layClone();
});

afterEach(() => clone.remove());

function lockFile(): string {
  const name = createHash('sha256').update(clone.dir).digest('hex').slice(0, 16);
  return join(clone.cacheDir, 'locks', `clone-${name}`);
}

function writeLock(owner: string): void {
  mkdirSync(join(clone.cacheDir, 'locks'), { recursive: true });
  writeFileSync(lockFile(), owner);
}

/** This process as a lock's owner: its id and its start time, the 22nd field of its stat file. */
function ourselves(): string {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  return `${process.pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}\n`;
}

function bootstrap(...args: string[]) {
  return startScript(clone, 'bootstrap.js', args);
}

it('prepares a clone, and the second run finds nothing to do and says nothing', async () => {
  expect((await bootstrap('start').ended).code).toBe(0);
  const first = readFileSync(clone.record, 'utf8');
  expect(JSON.parse(first)).toMatchObject({
    version: 3,
    cacheDir: clone.cacheDir,
    packetMeter: null,
    rtpSink: null,
  });
  expect(await bootstrap('start').ended).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(clone.record, 'utf8')).toBe(first);
});

it('looks again when the worker it recorded is gone', async () => {
  await bootstrap('start').ended;
  const { workerBin } = JSON.parse(readFileSync(clone.record, 'utf8'));
  writeFileSync(
    clone.record,
    readFileSync(clone.record, 'utf8').replaceAll(workerBin, join(clone.dir, 'gone')),
  );
  expect((await bootstrap('start').ended).code).toBe(0);
  expect(JSON.parse(readFileSync(clone.record, 'utf8')).workerBin).toBe(workerBin);
});

it('prepares a clone once when two run at the same time', async () => {
  const [one, two] = await Promise.all([bootstrap('start').ended, bootstrap('start').ended]);
  expect([one.code, two.code]).toEqual([0, 0]);
  expect(readdirSync(join(clone.cacheDir, 'locks'))).toEqual([]);
  expect(await bootstrap('start').ended).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('waits for another setup that is at work, and says so', async () => {
  writeLock(ourselves());
  const waiting = bootstrap('start');
  await waiting.said(`another setup (process ${process.pid}) is at work on this clone; waiting for it`);
  expect(existsSync(clone.record)).toBe(false);
  rmSync(lockFile());
  expect((await waiting.ended).code).toBe(0);
  expect(existsSync(clone.record)).toBe(true);
});

it('takes over the lock of a process that has ended', async () => {
  const { pid } = spawnSync('true');
  writeLock(`${pid} 1\n`);
  const { code, stderr } = await bootstrap('start').ended;
  expect([code, stderr.includes('waiting')]).toEqual([0, false]);
  expect(readdirSync(join(clone.cacheDir, 'locks'))).toEqual([]);
});

it('takes over the lock of an earlier process whose id was given out again', async () => {
  writeLock(`${process.pid} 1\n`);
  const { code, stderr } = await bootstrap('start').ended;
  expect([code, stderr.includes('waiting')]).toEqual([0, false]);
});

it('exits with 130 on Ctrl-C while it waits, and leaves the lock to its owner', async () => {
  writeLock(ourselves());
  const waiting = bootstrap('start');
  await waiting.said('waiting for it');
  waiting.child.kill('SIGINT');
  expect((await waiting.ended).code).toBe(130);
  expect(readFileSync(lockFile(), 'utf8')).toBe(ourselves());
});

it('ends npm and what npm started on Ctrl-C, and does not take the tree for installed afterwards', async () => {
  rmSync(join(clone.dir, 'node_modules/.package-lock.json'));
  const binDir = join(clone.dir, 'bin');
  const pidFile = join(clone.dir, 'pid');
  mkdirSync(binDir);
  writeFileSync(
    join(binDir, 'npm'),
    `#!/bin/sh\nsleep 300 &\necho $! > ${pidFile}.new\nmv ${pidFile}.new ${pidFile}\nwait\n`,
  );
  chmodSync(join(binDir, 'npm'), 0o755);
  const installing = startScript(clone, 'bootstrap.js', ['start'], {
    env: { PATH: `${binDir}:${process.env['PATH']}` },
  });
  await installing.said('npm ci');
  await expect.poll(() => existsSync(pidFile), { timeout: 20_000 }).toBe(true);
  const sleeper = Number(readFileSync(pidFile, 'utf8'));
  installing.child.kill('SIGINT');
  expect((await installing.ended).code).toBe(130);
  expect(existsSync(`/proc/${sleeper}/fd/0`)).toBe(false);
  expect(existsSync(join(clone.dir, 'node_modules/.roomrush-packages'))).toBe(false);
  expect(readdirSync(join(clone.cacheDir, 'locks'))).toEqual([]);
});

itAsNobody(
  'tells an unprivileged user which packages an administrator has to install, and exits with 5',
  async () => {
    await bootstrap('start').ended;
    rmSync(clone.record);
    rmSync(join(clone.cacheDir, 'worker'), { recursive: true });
    spawnSync('chown', ['-Rh', `${NOBODY}:${NOBODY}`, join(clone.dir, 'node_modules'), clone.cacheDir]);
    chmodSync(join(clone.dir, '..'), 0o755);
    // A package database without a package in it is what a machine without compilers looks like to dpkg.
    const adminDir = join(clone.dir, 'dpkg');
    mkdirSync(join(adminDir, 'updates'), { recursive: true });
    writeFileSync(join(adminDir, 'status'), '');
    const { code, stderr } = await startScript(clone, 'bootstrap.js', ['start'], {
      uid: NOBODY,
      env: {
        DPKG_ADMINDIR: adminDir,
        MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD: '1',
        MEDIASOUP_WORKER_BIN: '',
      },
    }).ended;
    expect(code).toBe(5);
    expect(stderr).toContain(
      'apt-get install -y --no-install-recommends g++ cmake ninja-build pkg-config libuv1-dev libssl-dev libflatbuffers-dev flatbuffers-compiler\n',
    );
    expect(existsSync(clone.record)).toBe(false);
  },
);

it.each([[['begin']], [['start', '--fast']], [[]], [['start', 'test']]])(
  'exits with 2 for %j',
  async (args) => {
    const { code, stdout, stderr } = await bootstrap(...args).ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: node setup/bootstrap.js <start|test|k6> [--force]');
  },
);

it('prints its usage on --help', async () => {
  const { code, stdout, stderr } = await bootstrap('--help').ended;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Usage: node setup/bootstrap.js <start|test|k6> [--force]');
});

itAsNobody('exits with 5 and names the folder when the cache may not be written', async () => {
  chmodSync(join(clone.dir, '..'), 0o755);
  const { code, stderr } = await startScript(clone, 'bootstrap.js', ['start'], { uid: NOBODY }).ended;
  expect(code).toBe(5);
  expect(stderr).toContain('A file or folder may not be used by this user: EACCES');
  expect(stderr).toContain(clone.cacheDir);
});
