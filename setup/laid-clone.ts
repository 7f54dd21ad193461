import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSetup } from './paths.ts';
import { CLONE_DIR, MODULES_DIR } from './tools/places.js';

/**
 * A second clone for tests: setup's real files, the installed packages by links, and a cache of its own with
 * the worker in it. What a test breaks there stays there.
 */
export type LaidClone = {
  readonly dir: string;
  readonly cacheDir: string;
  readonly record: string;
  readonly env: NodeJS.ProcessEnv;
  readonly remove: () => void;
};

const OWN_FILES = ['.roomrush-setup.json', '.roomrush-packages'];

export function layClone(): LaidClone {
  const root = mkdtempSync(join(tmpdir(), 'roomrush-setup-'));
  const dir = join(root, 'clone');
  const cacheDir = join(root, 'cache');
  const modulesDir = join(dir, 'node_modules');
  mkdirSync(modulesDir, { recursive: true });
  mkdirSync(cacheDir);
  for (const name of ['setup', 'package.json', 'package-lock.json']) {
    cpSync(join(CLONE_DIR, name), join(dir, name), { recursive: true });
  }
  for (const name of readdirSync(MODULES_DIR)) {
    if (name === '.package-lock.json') cpSync(join(MODULES_DIR, name), join(modulesDir, name));
    else if (!OWN_FILES.includes(name)) symlinkSync(join(MODULES_DIR, name), join(modulesDir, name));
  }
  const workers = join(readSetup().cacheDir, 'worker');
  cpSync(workers, join(cacheDir, 'worker'), { recursive: true });
  return {
    dir,
    cacheDir,
    record: join(modulesDir, '.roomrush-setup.json'),
    env: { ...process.env, ROOMRUSH_CACHE_DIR: cacheDir },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export type Running = {
  readonly child: ChildProcess;
  /** Resolves when stderr has come to hold the text. */
  readonly said: (text: string) => Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
};

/** Starts one of setup's scripts in a laid clone. */
export function startScript(
  clone: LaidClone,
  script: 'bootstrap.js' | 'roomrush.js',
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly uid?: number } = {},
): Running {
  const child = spawn(process.execPath, [join(clone.dir, 'setup', script), ...args], {
    cwd: clone.dir,
    env: { ...clone.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!`${stdout}${stderr}`.includes(text)) return;
        child.stdout.off('data', look);
        child.stderr.off('data', look);
        resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('close', () =>
        reject(new Error(`ended without saying ${text}; it said: ${stdout}${stderr}`)),
      );
      look();
    });
  return { child, said, ended };
}
