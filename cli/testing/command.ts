/** A test instrument: runs the command line as a user would, with a night of a few seconds. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { steady } from '../../scenarios/library/steady.ts';
import type { ScenarioInput } from '../../scenarios/schema.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Fifty people in seven seconds, ten of them with audio. */
export const SMALL_NIGHT: ScenarioInput = {
  ...steady,
  id: 'small',
  phases: { rampMs: 1_000, baselineMs: 1_000, surgeMs: 2_000, tailMs: 2_000, leavingMs: 1_000 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 20, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 30, overMs: 2_000, model: { kind: 'even' } }],
};

/** A folder of its own for the test, with the night in it. */
export function testFolder(night: ScenarioInput = SMALL_NIGHT): {
  readonly dir: string;
  readonly night: string;
} {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = path.join(dir, 'night.json');
  writeFileSync(file, JSON.stringify(night));
  return { dir, night: file };
}

export type Command = {
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** Resolves when the command has printed this text, or something like it. */
  printed(text: string | RegExp): Promise<void>;
  /** What it has said there so far. */
  stderr(): string;
  /** Closes the reading end of its stdout and stderr, as a pager does that is left. */
  stopReading(): void;
  kill(signal: NodeJS.Signals): void;
};

/** Starts `roomrush` with these arguments. */
export function roomrush(...args: readonly string[]): Command {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const onText = () => {
    for (const look of waiting) look();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onText();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onText();
  });
  const ended = new Promise<Awaited<Command['ended']>>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    pid: child.pid!,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const has = (said: string) => (typeof text === 'string' ? said.includes(text) : text.test(said));
          if (!has(stdout) && !has(stderr)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without '${text}':\n${stdout}\n${stderr}`)));
      }),
    stopReading: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    stderr: () => stderr,
    kill: (signal) => process.kill(child.pid!, signal),
  };
}

/** Processes whose command line names this folder: what a run left behind. */
export function processesOf(dir: string): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: commandOf(name) }))
    .filter(({ pid, command }) => command.includes(dir) && pid !== process.pid);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // It ended while we looked.
    return '';
  }
}
