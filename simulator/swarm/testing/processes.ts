/** For tests of the crowd's processes: a folder, our own programs as a rehearsal starts them, and rows as they lie in the log. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { ROW_COLUMNS, type RowType, type Side } from '../../../events/row.ts';
import type { Scenario } from '../../../scenarios/schema.ts';
import { PROFILES, type ProfileName } from '../../../server/profiles/features.ts';
import { readSetup } from '../../../setup/paths.ts';

const ROOT = new URL('../../../', import.meta.url);

/** A run's folder that is gone after the test. */
export function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'roomrush-swarm-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  mkdirSync(path.join(dir, 'events'));
  return dir;
}

/**
 * Starts one of our programs with its configuration and resolves with what it says first.
 *
 * @param entry from the root of the tree.
 */
export async function start(entry: string, dir: string, name: string, config: object) {
  const file = path.join(dir, `${name}.json`);
  writeFileSync(file, JSON.stringify(config));
  const child = fork(fileURLToPath(new URL(entry, ROOT)), [file], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Whoever is killed cannot tidy up: their files go with the folder.
    env: { ...process.env, TMPDIR: dir },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const first: unknown = await Promise.race([once(child, 'message').then(([message]) => message), exit]);
  return { child, exit, first };
}

/** What the reference server is told for a small night; times are short, so that silence is found out soon. */
export function serverConfig(
  dir: string,
  scenario: Scenario,
  profile: ProfileName,
  withMedia: boolean,
  timers: { readonly heartbeatMissedMs?: number; readonly seatHoldMs?: number } = {},
): object {
  return {
    profile,
    features: PROFILES[profile],
    mainRoom: scenario.rooms.main,
    overflow: scenario.rooms.overflow,
    parallel: scenario.rooms.parallel,
    pacing: { seatsPerSecond: 1_000, burst: 100 },
    timers: {
      heartbeatMissedMs: 600,
      iceConsentMs: 30_000,
      ticketLifeMs: 20_000,
      seatHoldMs: 30_000,
      presenceBatchMs: 100,
      hallwayCacheMs: 1_000,
      positionsEveryMs: 200,
      ...timers,
    },
    limits: {},
    media: { enabled: withMedia, workerBin: readSetup().workerBin },
    seed: 1,
    runDir: dir,
  };
}

/** Starts the reference server; gives host and port. */
export async function startServer(dir: string, config: object): Promise<string> {
  const { first } = await start('server/main.ts', dir, 'server', config);
  return `127.0.0.1:${(first as { readonly port: number }).port}`;
}

export type Row = { readonly [column in (typeof ROW_COLUMNS)[number]]: string };

/** Rows of one side in the order of their instants; of no types: of all. */
export function rowsOf(dir: string, side: Side, ...types: RowType[]): Row[] {
  return readdirSync(path.join(dir, 'events'))
    .filter((file) => file.endsWith('.csv'))
    .flatMap((file) =>
      readFileSync(path.join(dir, 'events', file), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(ROW_COLUMNS.map((column, nth) => [column, cells[nth]])) as Row;
    })
    .filter((row) => row.side === side && (types.length === 0 || types.includes(row.type as RowType)))
    .sort((a, b) => Number(BigInt(a.t_ns) - BigInt(b.t_ns)));
}
