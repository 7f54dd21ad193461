import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { packagesDigest } from './steps/packages.js';
import { meterDigest } from './steps/packet-meter.js';
import { findPrometheus } from './steps/prometheus.js';
import { recipeDigest } from './steps/worker.js';
import {
  cacheDir,
  findCompiler,
  isExecutable,
  isFile,
  NODE_24_BIN,
  readIfThere,
  SETUP_FILE,
} from './tools/places.js';

/** The file that says what setup found, and the check that it still holds: stats and digests, no process. */

export const RECORD_VERSION = 3;

/**
 * @typedef {object} SetupRecord
 * @property {number} version the shape of this file
 * @property {string} stamp digest of everything that setup's outcome depends on
 * @property {string} cacheDir
 * @property {string} workerBin
 * @property {'environment' | 'prebuilt' | 'built'} workerOrigin
 * @property {string | null} packetMeter
 * @property {string | null} rtpSink
 * @property {string | null} k6 null when none was found; only tests and k6 listeners need it
 * @property {string | null} chromium null when none was found; only tests and browser listeners need it
 * @property {{ node: string, mediasoup: string }} versions `node` is the one that roomrush runs on
 */

/** @returns {string} changes whenever setup has to look again */
export function setupStamp() {
  const inputs = [
    RECORD_VERSION,
    packagesDigest(),
    recipeDigest(),
    meterDigest(),
    findCompiler(),
    cacheDir(),
    readIfThere('/etc/os-release'),
    process.env['MEDIASOUP_WORKER_BIN'] ?? null,
    process.env['ROOMRUSH_CHROMIUM'] ?? null,
    process.env['ROOMRUSH_K6'] ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/** @returns {SetupRecord | null} null when there is none or it is not readable */
function readRecord() {
  const text = readIfThere(SETUP_FILE);
  if (text === null) return null;
  try {
    const record = JSON.parse(text);
    return record?.version === RECORD_VERSION ? record : null;
  } catch (error) {
    // A half-written or foreign file is the same as none: setup writes it anew.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {SetupRecord} record */
export function writeRecord(record) {
  mkdirSync(dirname(SETUP_FILE), { recursive: true });
  const half = join(dirname(SETUP_FILE), `.roomrush-setup.${process.pid}`);
  writeFileSync(half, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(half, SETUP_FILE);
}

/**
 * @param {'start' | 'test' | 'k6'} purpose
 * @returns {boolean} whether there is nothing to do
 */
export function isSetUp(purpose) {
  const record = readRecord();
  return (
    record !== null &&
    record.stamp === setupStamp() &&
    isExecutable(NODE_24_BIN) &&
    isExecutable(record.workerBin) &&
    (record.packetMeter === null || isFile(record.packetMeter)) &&
    (record.rtpSink === null || isExecutable(record.rtpSink)) &&
    (record.k6 === null ? purpose === 'start' : isExecutable(record.k6)) &&
    (record.chromium === null ? purpose !== 'test' : isExecutable(record.chromium)) &&
    // In no record: only tests need it, and finding it starts no process.
    (purpose !== 'test' || findPrometheus() !== null)
  );
}
