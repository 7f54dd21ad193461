/** What is written down about a run before it starts: `run.json` in its folder. */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { bodySharesSchema } from '../../scenarios/schema.ts';
import { readOwn } from './run-folder.ts';

/** Tools of clinic that a server can be profiled with. */
export const CLINIC_TOOLS = ['doctor', 'flame', 'heapprofiler'] as const;
export type ClinicTool = (typeof CLINIC_TOOLS)[number];

const preflightSchema = z.strictObject({
  serverDeliveryUs: z.number().describe('CPU of the server for one presence delivery, microseconds'),
  serverJoinMs: z.number().describe('CPU of the server for one join, ms'),
  swarmJoinMs: z.number().describe('CPU of the signal swarm for one join, ms'),
  swarmShareOfServer: z.number().describe('CPU of the signal swarm for each CPU second of a full server'),
  swarmMediaShare: z.number().describe("share of the swarm's core for one listener who receives audio"),
  workerMediaShare: z.number().describe("share of the server's core for one listener who receives audio"),
  coresWorth: z.number().describe("cores that the burst's presence takes from a naive build at this scale"),
  generatorShare: z.number().describe('share of its core that the generator needs while the server is full'),
  scale: z.number().describe('the scale that was proposed'),
  timeScale: z.number().describe('the time-scale that was proposed'),
  reason: z.string().describe('why this scale, in words'),
});

export const runRecordSchema = z.strictObject({
  schema: z.literal('roomrush/run@1'),
  id: z.string().min(1),
  scenario: z.string().min(1),
  seed: z.int(),
  scale: z.number().positive(),
  timeScale: z.number().positive(),
  planDigest: z.string().describe('SHA-256 of the crowd: equal crowds have equal digests'),
  profile: z.string(),
  policy: z.string(),
  features: z.record(z.string(), z.string()).describe('how the reference server was built'),
  bodies: z.strictObject({ incumbents: bodySharesSchema, arrivals: bodySharesSchema }),
  browsers: z.int().min(0).describe('people more, each in a real browser'),
  target: z.string().nullable().describe('another server; null: the reference server'),
  machine: z.strictObject({
    platform: z.string(),
    arch: z.string(),
    kernel: z.string(),
    cpuModel: z.string(),
    cores: z.int(),
    memoryBytes: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
  times: z
    .strictObject({
      scaled: z
        .array(z.strictObject({ path: z.string(), ms: z.number(), scaledMs: z.number() }))
        .readonly()
        .describe('followed time-scale'),
      notScaled: z
        .array(z.strictObject({ path: z.string(), ms: z.number() }))
        .readonly()
        .describe('did not'),
    })
    .describe('what became of each time of the night'),
  startedAt: z.string().describe('ISO 8601'),
  faults: z
    .array(z.strictObject({ kind: z.string(), atMs: z.number(), share: z.number().nullable() }))
    .readonly(),
  profiler: z
    .enum(CLINIC_TOOLS)
    .nullable()
    .default(null)
    .describe('the tool of clinic that the server was profiled with; null: none'),
  preflight: preflightSchema.nullable().describe('what a delivery and a join cost here; null: not measured'),
  status: z
    .enum(['running', 'finished', 'interrupted'])
    .describe('running in a folder that nobody writes any more: the run was killed'),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Writes `run.json` beside and renames it, so that a reader never meets half of it. */
export function writeRunRecord(runDir: string, record: RunRecord): void {
  const file = path.join(runDir, 'run.json');
  writeFileSync(`${file}.part`, `${JSON.stringify(runRecordSchema.parse(record), null, 2)}\n`);
  renameSync(`${file}.part`, file);
}

/** @throws UsageError when there is none, or it is not one. */
export function readRunRecord(runDir: string): RunRecord {
  return readOwn(runDir, 'run.json', runRecordSchema, "a run's record");
}
