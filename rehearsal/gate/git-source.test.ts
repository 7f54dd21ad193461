/** Servers of other commits, set up from real commits of a clone that the test makes. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findScenario } from '../../scenarios/index.ts';
import type { ServerConfig } from '../../server/config.ts';
import { CLONE_DIR } from '../../setup/tools/places.js';
import { resolveBuild } from '../build.ts';
import { serverConfigFor } from '../server-config.ts';
import { gitServer } from './git-source.ts';
import { shortSurge } from './short-surge.ts';

let dir: string;
let repo: string;
let root: string;
let sample: ServerConfig;

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], {
    cwd: repo,
    encoding: 'utf8',
    stdio: 'pipe',
  });

/** Changes a file of the clone, commits it and comes back: the name of the branch. */
function commit(branch: string, file: string, change: (text: string) => string): string {
  git('switch', '-q', '-c', branch);
  const at = path.join(repo, file);
  writeFileSync(at, change(readFileSync(at, 'utf8')));
  git('commit', '-q', '-am', branch);
  git('switch', '-q', '--detach', 'HEAD~1');
  return branch;
}

beforeAll(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-gate-git-'));
  [repo, root] = [path.join(dir, 'clone'), path.join(dir, 'trees')];
  execFileSync('git', ['clone', '-q', '--shared', CLONE_DIR, repo], { stdio: 'pipe' });
  const surge = shortSurge(await findScenario('zuckerberg'));
  sample = serverConfigFor(surge, resolveBuild('guarded', undefined, [], {}), {
    ...{ runDir: '', host: '127.0.0.1', port: 0, mediaEnabled: true, workerBin: null, seed: 0 },
  });
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const server = (ref: string) => gitServer(ref, [sample], () => {}, { repo, root });

test('the same commit: its own server, our packages, told all that we tell; gone afterwards', async () => {
  const source = server('HEAD');
  const { night } = await source.open('', new AbortController().signal);
  expect(source.side).toMatchObject({
    kind: 'git-ref',
    name: 'HEAD',
    commit: git('rev-parse', 'HEAD').trim(),
  });
  expect(source.notes).toEqual([]);
  expect(night.serverEntry!.startsWith(root)).toBe(true);
  expect(existsSync(night.serverEntry!)).toBe(true);
  expect(night.serverConfig!(sample)).toEqual(sample);
  await source.close();
  expect(readdirSync(root)).toEqual([]);
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
});

test('an older server that does not know a setting is not told of it, and the gate says so', async () => {
  const branch = commit('older', 'server/config.ts', (text) => text.replace(/^ {2}speakers:/m, '  talkers:'));
  const source = server(branch);
  expect(source.notes).toEqual(['the server of older does not know speakers: left out']);
  const { night } = await source.open('', new AbortController().signal);
  const { speakers: _, ...known } = sample;
  expect(night.serverConfig!(sample)).toEqual(known);
  await source.close();
});

test('of two configurations the union is left out, and one that lacks the part stays as it is', async () => {
  const branch = commit('older-cap', 'server/admission/cap.ts', (text) =>
    text.replace(/^ {2}seats: z/m, '  places: z'),
  );
  const night: ServerConfig = { ...sample, policyParameters: { cap: { seats: 5 } } };
  const source = gitServer(branch, [sample, night], () => {}, { repo, root });
  expect(source.notes).toEqual([
    'the server of older-cap does not know policyParameters.cap.seats: left out',
  ]);
  const { night: changes } = await source.open('', new AbortController().signal);
  expect(changes.serverConfig!(sample)).toEqual(sample);
  expect(changes.serverConfig!(night)).toEqual({ ...night, policyParameters: { cap: {} } });
  await source.close();
});

test('a server whose log has other columns cannot be compared', () => {
  const branch = commit('columns', 'events/row.ts', (text) => text.replace("  'jitter_ms',\n", ''));
  expect(() => server(branch)).toThrow(/its log has the columns .* and this one .*jitter_ms/);
  expect(readdirSync(root)).toEqual([]);
});

test('a name that git does not know, and a folder without git', () => {
  git('branch', 'release-1');
  expect(() => server('relaese-1')).toThrow(/git knows no 'relaese-1'/);
  expect(() => gitServer('HEAD', [sample], () => {}, { repo: os.tmpdir(), root })).toThrow(/is in none/);
});
