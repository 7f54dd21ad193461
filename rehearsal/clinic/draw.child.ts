/**
 * Draws clinic's page from what was taken in the server: a process of its own, as clinic bundles a browser's script for
 * each page, with tools that were written for no other. `draw.child.ts <settings as JSON>`.
 *
 * It opens no browser and asks nobody: only clinic's drawing is used, not its command line.
 */
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { fileOf, ownPath } from '../../reports/profile-attribution.ts';
import {
  type CallFrame,
  CPU_PROFILE_FILE,
  cpuProfileSchema,
  profileWindowSchema,
  WINDOW_FILE,
} from '../../reports/profile-schema.ts';
import { CLINIC_TOOLS } from '../../reports/store/run-record.ts';
import { flameTree, isOurs } from './flame-tree.ts';
import { DOCTOR_SAMPLES_FILE, HEAP_PROFILE_FILE, TRACE_FILES } from './orders.ts';
import { findClinic } from './packages.ts';
import { withoutNetwork } from './without-network.ts';

const APP = 'roomrush';

const drawSchema = z.strictObject({ tool: z.enum(CLINIC_TOOLS), dir: z.string(), page: z.string() });

type Done = (error: Error | null) => void;
/** A frame of a graph as clinic's browser script reads it. */
type Frame = {
  category: string;
  type: string;
  fileName: string | null;
  readonly children: readonly Frame[];
};

const { tool, dir, page } = drawSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const clinic = findClinic(tool);
const { root, startNs, endNs } = profileWindowSchema.parse(
  JSON.parse(readFileSync(path.join(dir, WINDOW_FILE), 'utf8')),
);
const file = path.join(dir, page);
await { flame: drawFlame, heapprofiler: drawHeap, doctor: drawDoctor }[tool]();
writeFileSync(file, withoutNetwork(readFileSync(file, 'utf8')));

async function drawFlame(): Promise<void> {
  type Tree = {
    walk(
      visit: (frame: Frame & { categorise(...told: unknown[]): void; format(told: unknown): void }) => void,
    ): void;
  };
  const FrameNode = clinic.load('@clinic/flame/analysis/frame-node.js') as new (
    tree: object,
    type: string,
  ) => Tree;
  const label = clinic.load('@clinic/flame/analysis/label-nodes.js') as (tree: Tree) => void;
  const areasOf = clinic.load('@clinic/flame/analysis/code-areas.js') as (trees: object) => object;
  const { setStackTop, defaultExclude } = clinic.load('@clinic/flame/shared.js') as {
    readonly setStackTop: (tree: Tree, exclude: ReadonlySet<string>) => void;
    readonly defaultExclude: ReadonlySet<string>;
  };
  const Flame = clinic.load('@clinic/flame') as new () => {
    elapsedTime: number;
    writeHtml(data: object, file: string, done: Done): void;
  };
  const profile = cpuProfileSchema.parse(JSON.parse(readFileSync(path.join(dir, CPU_PROFILE_FILE), 'utf8')));
  const told = { mainDirectory: root, pathSeparator: path.sep, nodeVersions: process.versions };
  // clinic shows optimised code apart, or together: a CPU profile does not tell them apart.
  const [merged, unmerged] = [flameTree(profile), flameTree(profile)].map((tree) => {
    const node = new FrameNode(tree, 'root');
    label(node);
    node.walk((frame) => {
      frame.categorise(told, APP);
      if (isOurs(frame.fileName, root)) Object.assign(frame, { category: 'app', type: APP });
      frame.format(told);
    });
    setStackTop(node, defaultExclude);
    return node;
  }) as [Tree, Tree];
  const codeAreas = areasOf({ merged, unmerged });
  const flame = new Flame();
  flame.elapsedTime = Math.round(Number(BigInt(endNs) - BigInt(startNs)) / 1e9);
  const data = { appName: APP, pathSeparator: path.sep, codeAreas, merged, unmerged };
  await promisify((done: Done) => flame.writeHtml(data, file, done))();
}

async function drawHeap(): Promise<void> {
  type Analyse = (
    input: string,
    done: (error: Error | null, data?: { readonly data: Frame }) => void,
  ) => void;
  const analysis = clinic.load('@clinic/heap-profiler/src/analysis/index.js') as { analyse: Analyse };
  const { analyse } = analysis;
  // Before the profiler takes it: its own analysis takes TypeScript for V8's code, too.
  analysis.analyse = (input, done) =>
    analyse(input, (error, data) => {
      if (data !== undefined) nameOurs(data.data);
      done(error, data);
    });
  const Heap = clinic.load('@clinic/heap-profiler') as new () => {
    visualize(input: string, output: string, done: Done): void;
  };
  const profile = JSON.parse(readFileSync(path.join(dir, HEAP_PROFILE_FILE), 'utf8')) as {
    readonly head: HeapNode;
  };
  withPaths(profile.head);
  const input = path.join(dir, 'server.clinic-heapprofiler');
  writeFileSync(input, JSON.stringify(profile));
  await promisify((done: Done) => new Heap().visualize(input, file, done))();
  rmSync(input);
}

type HeapNode = { readonly callFrame: CallFrame & { url: string }; readonly children: readonly HeapNode[] };

/** clinic tells packages from Node by paths, and a module is named by its address. */
function withPaths({ callFrame, children }: HeapNode): void {
  const plain = fileOf(callFrame);
  const own = ownPath(plain, root);
  callFrame.url = own === null ? plain : `./${own}`;
  for (const child of children) withPaths(child);
}

function nameOurs(frame: Frame): void {
  if (frame.fileName?.startsWith('./')) Object.assign(frame, { category: 'app', type: 'Application' });
  for (const child of frame.children) nameOurs(child);
}

async function drawDoctor(): Promise<void> {
  const Encoder = clinic.load(
    '@clinic/doctor/format/process-stat-encoder.js',
  ) as new () => NodeJS.ReadWriteStream;
  const systemInfo = clinic.load('@clinic/doctor/collect/system-info.js') as () => object;
  const join = clinic.load('@clinic/node-trace-log-join') as (from: string, to: string, done: Done) => void;
  const Doctor = clinic.load('@clinic/doctor') as new () => {
    visualize(input: string, output: string, done: Done): void;
  };
  // As clinic's own collector lays it down.
  const data = path.join(dir, 'server.clinic-doctor');
  const part = (name: string) => path.join(data, `server.clinic-doctor-${name}`);
  mkdirSync(data, { recursive: true });
  const samples = JSON.parse(readFileSync(path.join(dir, DOCTOR_SAMPLES_FILE), 'utf8')) as object[];
  await pipeline(Readable.from(samples), new Encoder(), createWriteStream(part('processstat')));
  writeFileSync(part('systeminfo'), JSON.stringify(systemInfo()));
  await promisify((done: Done) => join(path.join(dir, TRACE_FILES), part('traceevent'), done))();
  await promisify((done: Done) => new Doctor().visualize(data, file, done))();
  rmSync(data, { recursive: true });
  rmSync(path.join(dir, DOCTOR_SAMPLES_FILE));
}
