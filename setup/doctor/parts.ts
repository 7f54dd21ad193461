import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RoomrushError } from '../../errors.ts';
import { readSetup, type Setup } from '../paths.ts';
import { findChromium } from '../steps/chromium.js';
import { findK6 } from '../steps/k6.js';
import { findPrometheus } from '../steps/prometheus.js';
import { mediasoupVersion, workerAnswers } from '../steps/worker.js';
import { CLONE_DIR, findCompiler, findOnPath, MODULES_DIR, readIfThere } from '../tools/places.js';
import { SetupProblem } from '../tools/problem.js';
import { type DoctorRow, installCommand, SETUP_COMMAND } from './row.ts';

/** The programs and libraries that a night is made of. */

const runProgram = promisify(execFile);
const ANSWER_AT_MOST_MS = 20_000;
const NODE_MAJOR_MIN = 24;

/** The first line that a program prints, null when it does not run or fails. */
async function firstLine(command: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await runProgram(command, [...args], { cwd: CLONE_DIR, timeout: ANSWER_AT_MOST_MS });
    return stdout.split('\n')[0]?.trim() ?? '';
  } catch (error) {
    // Not starting, failing and hanging are the same answer here: it cannot be used.
    if (error instanceof Error) return null;
    throw error;
  }
}

function versionIn(line: string | null): string | null {
  return line === null ? null : (/\d+(\.\d+)+/.exec(line)?.[0] ?? line);
}

function nodeRow(): DoctorRow {
  const isNewEnough = Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN;
  return {
    name: 'Node',
    found: process.execPath,
    version: process.versions.node,
    status: isNewEnough ? 'ok' : 'missing',
    detail: isNewEnough ? process.execPath : `Node ${NODE_MAJOR_MIN} or newer is needed`,
    mend: isNewEnough ? null : SETUP_COMMAND,
  };
}

async function programRow(options: {
  readonly name: string;
  readonly path: string | null;
  readonly versionArgs: readonly string[];
  readonly withoutIt: string;
  readonly mend: string;
}): Promise<DoctorRow> {
  const { name, path, withoutIt, mend } = options;
  const line = path === null ? null : await firstLine(path, options.versionArgs);
  if (path !== null && line !== null) {
    return { name, found: path, version: versionIn(line), status: 'ok', detail: path, mend: null };
  }
  const detail = path === null ? `not found; ${withoutIt}` : `${path} does not run; ${withoutIt}`;
  return { name, found: path, version: null, status: 'warning', detail, mend };
}

async function workerRow(setup: Setup | RoomrushError): Promise<DoctorRow> {
  const name = 'mediasoup worker';
  if (setup instanceof RoomrushError) {
    return { name, found: null, version: null, status: 'missing', detail: setup.message, mend: setup.hint };
  }
  const { workerBin, workerOrigin } = setup;
  const origin = {
    environment: 'named by MEDIASOUP_WORKER_BIN',
    prebuilt: "upstream's prebuilt one",
    built: "built here from the package's sources",
  }[workerOrigin];
  const answers = await workerAnswers(workerBin);
  return {
    name,
    found: workerBin,
    version: mediasoupVersion(),
    status: answers ? 'ok' : 'missing',
    detail: answers ? `${origin}: ${workerBin}` : `${workerBin} does not start`,
    mend: answers ? null : `${SETUP_COMMAND} --force`,
  };
}

/** Loaded in a process of its own: a native library that does not fit would take the doctor down with it. */
async function dataChannelRow(): Promise<DoctorRow> {
  const load = "await import('node-datachannel'); console.log('loads'); process.exit(0)";
  const loads = (await firstLine(process.execPath, ['--input-type=module', '-e', load])) === 'loads';
  const manifest = readIfThere(join(MODULES_DIR, 'node-datachannel/package.json'));
  return {
    name: 'node-datachannel',
    found: loads ? join(MODULES_DIR, 'node-datachannel') : null,
    version: manifest === null ? null : String(JSON.parse(manifest).version),
    status: loads ? 'ok' : 'missing',
    detail: loads ? 'its native library loads' : 'its native library does not load',
    mend: loads ? null : `${SETUP_COMMAND} --force`,
  };
}

function compiledRow(name: string, found: string | null, withoutIt: string): DoctorRow {
  return {
    name,
    found,
    version: null,
    status: found === null ? 'warning' : 'ok',
    detail: found ?? `not compiled; ${withoutIt}`,
    mend: found === null ? `${installCommand('gcc libc6-dev')} && ${SETUP_COMMAND}` : null,
  };
}

/** What setup recorded, or what it would find now. */
async function pathOf(
  recorded: string | null,
  find: () => string | null | Promise<string | null>,
): Promise<string | null> {
  if (recorded !== null) return recorded;
  try {
    return await find();
  } catch (error) {
    // ROOMRUSH_CHROMIUM or the like names something that is none: as good as nothing.
    if (error instanceof SetupProblem) return null;
    throw error;
  }
}

function setupOrProblem(): Setup | RoomrushError {
  try {
    return readSetup();
  } catch (error) {
    if (error instanceof RoomrushError) return error;
    throw error;
  }
}

export async function examineParts(): Promise<DoctorRow[]> {
  const setup = setupOrProblem();
  const recorded = setup instanceof RoomrushError ? null : setup;
  return Promise.all([
    nodeRow(),
    programRow({
      name: 'npm',
      path: findOnPath(['npm']),
      versionArgs: ['--version'],
      withoutIt: 'the packages cannot be installed anew',
      mend: installCommand('npm'),
    }),
    workerRow(setup),
    dataChannelRow(),
    compiledRow(
      'packet meter',
      recorded?.packetMeter ?? null,
      'fewer WebRTC listeners are counted packet by packet, and later',
    ),
    compiledRow('rtp sink', recorded?.rtpSink ?? null, 'there are no rtp listeners'),
    programRow({
      name: 'C compiler',
      path: findCompiler(),
      versionArgs: ['-dumpfullversion', '-dumpversion'],
      withoutIt: 'packet meter and rtp sink cannot be compiled',
      mend: installCommand('gcc libc6-dev'),
    }),
    programRow({
      name: 'Chromium',
      path: await pathOf(recorded?.chromium ?? null, findChromium),
      versionArgs: ['--version'],
      withoutIt: 'browser listeners and the tests need it',
      mend: 'node setup/bootstrap.js test',
    }),
    programRow({
      name: 'k6',
      path: await pathOf(recorded?.k6 ?? null, findK6),
      versionArgs: ['version'],
      withoutIt: 'only k6 listeners and the tests need it',
      mend: 'node setup/bootstrap.js k6',
    }),
    programRow({
      name: 'Prometheus',
      path: await pathOf(null, () => findPrometheus()?.prometheus ?? null),
      versionArgs: ['--version'],
      withoutIt: 'only the tests of the metrics need it',
      mend: 'node setup/bootstrap.js test',
    }),
    programRow({
      name: 'taskset',
      path: findOnPath(['taskset']),
      versionArgs: ['--version'],
      withoutIt: 'server and crowd cannot be kept on cores of their own',
      mend: installCommand('util-linux'),
    }),
  ]);
}
