/**
 * The server of another commit, laid out in a folder outside this tree. Only its server runs: the crowd, and what is
 * measured, are this tree's. So the older server is told what it knows and no more, and is refused where its rows or its
 * protocol are not those that the crowd's side is made for.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { listIssues, NotReadyError, UsageError } from '../../errors.ts';
import { ROW_COLUMNS } from '../../events/row.ts';
import type { ServerConfig } from '../../server/config.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/wire.ts';
import { CLONE_DIR, cacheDir } from '../../setup/tools/places.js';
import { ownServer, type ServerSource } from '../source/server-source.ts';
import { addWorktree, removeWorktree, resolveRef, treeState } from './git.ts';

type Place = {
  /** The repository; by default the one that this tree is in. */
  readonly repo?: string;
  /** Where trees of other commits are laid out. */
  readonly root?: string;
};

/**
 * Sets the server of a commit up.
 *
 * @param samples what runs of this gate tell their server, one of each kind, to find out what the older one knows of it.
 * @param say hears what takes long.
 * @throws UsageError for a commit that does not exist or whose server cannot be compared; NotReadyError when it cannot be set up.
 */
export function gitServer(
  ref: string,
  samples: readonly ServerConfig[],
  say: (text: string) => void,
  { repo = CLONE_DIR, root = path.join(cacheDir(), 'gate') }: Place = {},
): ServerSource {
  const commit = resolveRef(repo, ref);
  mkdirSync(root, { recursive: true });
  removeLeftBehind(repo, root);
  const tree = layOut(repo, root, commit, say);
  try {
    const unknown = samples.reduce<readonly Key[]>(
      (known, sample) => unknownKeys(ref, tree.dir, sample, known),
      [],
    );
    const own = ownServer(
      { kind: 'git-ref', name: ref, commit, dirty: false },
      {
        serverEntry: path.join(tree.dir, 'server/main.ts'),
        serverConfig: (config) => without(withWorker(config, tree.workerBin), unknown),
      },
    );
    return {
      ...own,
      notes: [
        ...(unknown.length === 0
          ? []
          : [
              `the server of ${ref} does not know ${unknown.map((key) => key.join('.')).join(', ')}: left out`,
            ]),
        ...(tree.workerBin === null ? [] : [`${ref} has other packages, and a media worker of its own`]),
      ],
      close: async () => tree.close(),
    };
  } catch (error) {
    tree.close();
    throw error;
  }
}

type LaidOut = {
  readonly dir: string;
  /** The media worker of its own packages; null: it shares ours. */
  readonly workerBin: string | null;
  close(): void;
};

/** With the same packages ours are linked, and the tree goes with the gate; packages of its own take minutes and are kept. */
function layOut(repo: string, root: string, commit: string, say: (text: string) => void): LaidOut {
  const linked = path.join(root, `${commit.slice(0, 12)}-linked-${process.pid}`);
  addWorktree(repo, linked, commit);
  if (readLock(linked) === readLock(repo)) {
    symlinkSync(path.join(CLONE_DIR, 'node_modules'), path.join(linked, 'node_modules'));
    return { dir: linked, workerBin: null, close: () => removeWorktree(repo, linked) };
  }
  removeWorktree(repo, linked);
  const dir = path.join(root, `${commit.slice(0, 12)}-installed`);
  if (existsSync(dir) && (treeState(dir).commit !== commit || treeState(dir).dirty !== false))
    removeWorktree(repo, dir);
  if (!existsSync(dir)) addWorktree(repo, dir, commit);
  say(`${commit.slice(0, 12)} has other packages: setting them up in ${dir} (some minutes, once)`);
  const { status } = spawnSync(process.execPath, ['setup/bootstrap.js', 'start'], {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    throw new NotReadyError(
      'base-not-set-up',
      `the packages of ${commit.slice(0, 12)} cannot be set up (exit code ${status})`,
      `see why: cd ${dir} && node setup/bootstrap.js start`,
    );
  }
  const record = readFileSync(path.join(dir, 'node_modules/.roomrush-setup.json'), 'utf8');
  const { workerBin } = z.object({ workerBin: z.string() }).parse(JSON.parse(record));
  return { dir, workerBin, close: () => {} };
}

/** Trees of gates that were killed. */
function removeLeftBehind(repo: string, root: string): void {
  for (const name of readdirSync(root)) {
    const pid = /-linked-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const dir = path.join(root, name);
    try {
      removeWorktree(repo, dir);
    } catch {
      // Of another clone, or laid out by half.
      rmSync(dir, { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readLock(dir: string): string | null {
  const file = path.join(dir, 'package-lock.json');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

const issueSchema = z.object({
  code: z.string(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])),
  keys: z.array(z.string()).optional(),
});
const answerSchema = z.strictObject({
  columns: z.array(z.string()),
  protocol: z.int(),
  issues: z.array(issueSchema),
});

/** Asked in the older tree's own words: its schema, its columns, its protocol. */
const QUESTION = `
  const [config, row, wire] = process.argv.slice(1);
  let text = '';
  for await (const part of process.stdin) text += part;
  const parsed = (await import(config)).serverConfigSchema.safeParse(JSON.parse(text));
  const { ROW_COLUMNS } = await import(row);
  const { PROTOCOL_VERSION } = await import(wire);
  console.log(JSON.stringify({ columns: ROW_COLUMNS, protocol: PROTOCOL_VERSION, issues: parsed.error?.issues ?? [] }));`;

function ask(ref: string, dir: string, config: object): z.infer<typeof answerSchema> {
  const modules = ['server/config.ts', 'events/row.ts', 'server/protocol/wire.ts'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      QUESTION,
      ...modules.map((file) => path.join(dir, file)),
    ],
    { input: JSON.stringify(config), encoding: 'utf8', cwd: dir },
  );
  if (status === 0) return answerSchema.parse(JSON.parse(stdout));
  const why = stderr.split('\n').find((line) => /error/i.test(line)) ?? `exit code ${status}`;
  throw cannotCompare(ref, `it has no server that could be asked what it knows: ${why.trim()}`);
}

type Key = readonly string[];

/** Paths of keys of the configuration that the older server does not know, those before among them. */
function unknownKeys(ref: string, dir: string, sample: ServerConfig, before: readonly Key[]): Key[] {
  const unknown = [...before];
  for (;;) {
    const { columns, protocol, issues } = ask(ref, dir, without(sample, unknown));
    if (columns.join() !== ROW_COLUMNS.join()) {
      throw cannotCompare(
        ref,
        `its log has the columns ${columns.join()}, and this one ${ROW_COLUMNS.join()}`,
      );
    }
    if (protocol !== PROTOCOL_VERSION) {
      throw cannotCompare(
        ref,
        `it speaks version ${protocol} of the protocol, and the crowd ${PROTOCOL_VERSION}`,
      );
    }
    const others = issues.filter(({ keys }) => keys === undefined);
    if (others.length > 0) {
      throw cannotCompare(ref, `it does not understand what it is told:\n${listIssues(others)}`);
    }
    if (issues.length === 0) return unknown;
    unknown.push(...issues.flatMap(({ path: at, keys = [] }) => keys.map((key) => [...at.map(String), key])));
  }
}

function cannotCompare(ref: string, why: string): UsageError {
  return new UsageError(
    'other-server',
    `the server of ${ref} cannot be compared with this one: ${why}`,
    'choose a later commit as the base, or start both with --base-cmd and --candidate-cmd',
  );
}

/** What is not there in this configuration, as it was in another, is left out as it is. */
function without(config: object, keys: readonly Key[]): object {
  const copy = structuredClone(config) as Record<string, unknown>;
  for (const key of keys) {
    const holder = key
      .slice(0, -1)
      .reduce<Record<string, unknown> | undefined>(
        (inner, name) => inner?.[name] as Record<string, unknown> | undefined,
        copy,
      );
    delete holder?.[key.at(-1)!];
  }
  return copy;
}

function withWorker(config: ServerConfig, workerBin: string | null): ServerConfig {
  return workerBin === null ? config : { ...config, media: { ...config.media, workerBin } };
}
