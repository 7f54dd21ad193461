/**
 * The folder of a gate: what was asked for, a line for each run that was played, and what came out. A gate that was broken off
 * goes on from the first two.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { listIssues, UsageError } from '../../errors.ts';
import { gateJunit } from '../../reports/gate/junit.ts';
import { gateMarkdown } from '../../reports/gate/markdown.ts';
import { gateOptionsSchema } from '../../reports/gate/options.ts';
import type { GateFile } from '../../reports/gate/schema.ts';
import { type PlayedRun, playedRunSchema } from './schedule.ts';

/** Of the larger nights each takes a minute and a half, and a search plays ten. */
export const KNEE_MINUTES = 20;

const SETTINGS_FILE = 'settings.json';
const RUNS_FILE = 'runs.jsonl';

const sideAskedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('git-ref'), ref: z.string().min(1) }),
  z.strictObject({ kind: z.literal('command'), command: z.string().min(1) }),
  z.strictObject({ kind: z.literal('baseline'), file: z.string().min(1) }),
  z.strictObject({ kind: z.literal('this-tree') }),
]);
/** A side of a gate, as it was asked for. */
export type SideAsked = z.infer<typeof sideAskedSchema>;

const settingsSchema = z.strictObject({
  schema: z.literal('roomrush/gate-settings@1'),
  startedAt: z.string(),
  night: z.string().min(1).describe('name or path'),
  size: z.strictObject({ incumbents: z.int().min(1), arrivals: z.int().min(1) }),
  seed: z.int().min(0),
  base: sideAskedSchema,
  candidate: sideAskedSchema,
  /** Null: neither side is this tree, or there is no git to tell. */
  treeDigest: z.string().nullable(),
  options: gateOptionsSchema,
  keepRuns: z.boolean(),
  kneeMinutes: z.number().positive().default(KNEE_MINUTES).describe('for the search of the knee'),
});
export type GateSettings = z.infer<typeof settingsSchema>;

export function writeSettings(dir: string, settings: Omit<GateSettings, 'schema'>): void {
  writeWhole(path.join(dir, SETTINGS_FILE), toJson({ schema: 'roomrush/gate-settings@1', ...settings }));
}

/** @throws UsageError when the folder is not a gate's. */
export function readSettings(dir: string): GateSettings {
  const file = path.join(dir, SETTINGS_FILE);
  if (!existsSync(file)) {
    throw new UsageError(
      'no-gate',
      `expected the folder of a gate, and there is no ${SETTINGS_FILE} in ${dir}`,
      'gates lie in runs/, as <time>-gate-<night>',
    );
  }
  return parsed(settingsSchema, readFileSync(file, 'utf8'), file);
}

export function appendRun(dir: string, run: PlayedRun): void {
  appendFileSync(path.join(dir, RUNS_FILE), `${JSON.stringify(run)}\n`);
}

/** What was played; a last line that a kill tore is no run. */
export function readPlayed(dir: string): PlayedRun[] {
  return readLines(path.join(dir, RUNS_FILE), playedRunSchema);
}

/**
 * The lines of a file of runs; none where there is no file. A last line without its end is left out, and cut off so that the
 * next one does not follow it in the same line.
 *
 * @throws UsageError naming the line that is not one.
 */
export function readLines<Line>(file: string, schema: z.ZodType<Line>): Line[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) writeWhole(file, whole);
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line, nth) => parsed(schema, line, `${file}, line ${nth + 1},`));
}

/** Everything that came out, each file whole or as it was. */
export function writeGate(dir: string, gate: GateFile): void {
  writeWhole(path.join(dir, 'gate.json'), toJson(gate));
  writeWhole(path.join(dir, 'summary.md'), gateMarkdown(gate));
  writeWhole(path.join(dir, 'junit.xml'), gateJunit(gate));
}

function parsed<Value>(schema: z.ZodType<Value>, text: string, what: string): Value {
  const hint = 'it is broken, or from another version of roomrush: start the gate anew';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError('bad-gate-folder', `${what} is no JSON: ${(error as Error).message}`, hint);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(
    'bad-gate-folder',
    `${what} is not as expected:\n${listIssues(result.error.issues)}`,
    hint,
  );
}

/** Written beside and renamed, so that a reader never meets half a file. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
