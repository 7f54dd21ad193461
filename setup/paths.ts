import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { NotReadyError } from '../errors.ts';
import { RECORD_VERSION } from './record.js';
import { mediasoupVersion } from './steps/worker.js';
import { SETUP_FILE } from './tools/places.js';
import { systemCode } from './tools/problem.js';

/** What setup found, for the code that starts workers, swarms and browsers. */

export type Setup = {
  /** The media worker, for mediasoup's `createWorker({ workerBin })`. */
  readonly workerBin: string;
  readonly workerOrigin: 'environment' | 'prebuilt' | 'built';
  /** The library to preload into the swarm; null where it could not be compiled. */
  readonly packetMeter: string | null;
  /** The program that receives for rtp listeners; null where it could not be compiled. */
  readonly rtpSink: string | null;
  /** Null where none was found: only k6 listeners and tests need it. */
  readonly k6: string | null;
  /** Null where none was found: only browser listeners and tests need it. */
  readonly chromium: string | null;
  /** Where parts that survive `npm ci` are kept. */
  readonly cacheDir: string;
};

const HINT = 'node setup/bootstrap.js start';

const recordSchema = z.strictObject({
  version: z.literal(RECORD_VERSION),
  stamp: z.string(),
  cacheDir: z.string(),
  workerBin: z.string(),
  workerOrigin: z.enum(['environment', 'prebuilt', 'built']),
  packetMeter: z.string().nullable(),
  rtpSink: z.string().nullable(),
  k6: z.string().nullable(),
  chromium: z.string().nullable(),
  versions: z.strictObject({ node: z.string(), mediasoup: z.string() }),
});

/**
 * @param file where setup wrote what it found; another one only in tests
 * @throws NotReadyError when setup has not run, or when what it found is no longer there
 */
export function readSetup(file: string = SETUP_FILE): Setup {
  const record = readRecordFile(file);
  const { workerBin, workerOrigin, packetMeter, rtpSink, k6, chromium, cacheDir, versions } = record;
  if (versions.mediasoup !== mediasoupVersion()) {
    throw new NotReadyError(
      'SETUP_STALE',
      `Setup prepared a media worker for mediasoup ${versions.mediasoup}; ${mediasoupVersion()} is installed.`,
      HINT,
    );
  }
  for (const [what, path] of Object.entries({ workerBin, packetMeter, rtpSink, k6, chromium })) {
    if (path !== null && !statSync(path, { throwIfNoEntry: false })?.isFile()) {
      throw new NotReadyError('SETUP_STALE', `Setup found ${what} at ${path}; it is no longer there.`, HINT);
    }
  }
  return { workerBin, workerOrigin, packetMeter, rtpSink, k6, chromium, cacheDir };
}

function readRecordFile(file: string): z.infer<typeof recordSchema> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
    throw new NotReadyError(
      'NOT_SET_UP',
      `Expected setup's record in ${file}; there is none to be read.`,
      HINT,
    );
  }
  const parsed = recordSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new NotReadyError(
    'SETUP_STALE',
    `Expected setup's record in ${file} in the form of this version; ${z.prettifyError(parsed.error)}`,
    HINT,
  );
}
