/** How setup finds or gets a Prometheus. The programs here are stand-ins that do nothing but be there. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LaidClone, layClone, startScript } from './laid-clone.ts';

const PINNED_K6 = "echo 'k6 v1.8.1 (go1.26.8, linux/amd64)'";
let clone: LaidClone;

beforeEach(() => {
  clone = layClone();
});

afterEach(() => clone.remove());

/** @returns the folder of a program of that name. */
function program(folder: string, name: string, script = 'exit 0'): string {
  const dir = join(clone.dir, folder);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dir, name), 0o755);
  return dir;
}

/** Sets the clone up for the tests, with these folders before the system's own. */
function setUp(folders: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const k6 = join(program('k6', 'k6', PINNED_K6), 'k6');
  const chromium = join(program('chromium', 'chromium'), 'chromium');
  const system = ['/usr/bin', '/bin'].filter((dir) => !existsSync(join(dir, 'prometheus')));
  return startScript(clone, 'bootstrap.js', ['test'], {
    env: {
      PATH: [...folders, join(process.execPath, '..'), ...system].join(':'),
      ROOMRUSH_K6: k6,
      ROOMRUSH_CHROMIUM: chromium,
      ROOMRUSH_PROMETHEUS: '',
      ...env,
    },
  }).ended;
}

const kept = () => join(clone.cacheDir, 'prometheus/usr/bin');
const asked = () => readFileSync(join(clone.dir, 'asked'), 'utf8');

/** Stands for Debian's tools: what is downloaded unpacks to these programs. */
function debian(holds: readonly string[]): string {
  program('debian', 'apt-get', `echo "$@" >> ${clone.dir}/asked\ntouch prometheus_2_amd64.deb`);
  const unpack = holds.map((name) => `touch "$3/usr/bin/${name}"; chmod +x "$3/usr/bin/${name}"`);
  return program('debian', 'dpkg-deb', ['mkdir -p "$3/usr/bin"', ...unpack].join('\n'));
}

it('unpacks the package into the cache, once, and installs nothing', async () => {
  const tools = debian(['prometheus', 'promtool']);
  expect((await setUp([tools])).code).toBe(0);
  expect(readdirSync(kept())).toEqual(['prometheus', 'promtool']);
  expect(readdirSync(join(clone.cacheDir, 'prometheus'))).toEqual(['usr']);
  expect(await setUp([tools])).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(asked()).toBe('download prometheus\n');
});

it('takes the one on PATH, and gets none', async () => {
  program('own', 'prometheus');
  const own = program('own', 'promtool');
  expect((await setUp([debian([]), own])).code).toBe(0);
  expect(existsSync(join(clone.dir, 'asked'))).toBe(false);
});

it('exits with 5 when the package does not hold what it should, and keeps nothing of it', async () => {
  const { code, stderr } = await setUp([debian(['prometheus'])]);
  expect(code).toBe(5);
  expect(stderr).toContain('Expected the package prometheus to hold usr/bin/prometheus and usr/bin/promtool');
  expect(readdirSync(clone.cacheDir).filter((name) => name.includes('prometheus'))).toEqual([]);
});

it('refuses a ROOMRUSH_PROMETHEUS without them', async () => {
  const named = program('named', 'prometheus');
  const { code, stderr } = await setUp([debian([])], { ROOMRUSH_PROMETHEUS: named });
  expect(code).toBe(5);
  expect(stderr).toContain(`the programs prometheus and promtool; ${named} is none.`);
});
