import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorker } from 'mediasoup';
import { afterAll, expect, it } from 'vitest';
import { readSetup } from './paths.ts';
import { workerAnswers } from './steps/worker.js';
import { SETUP_FILE } from './tools/places.js';

const dir = mkdtempSync(join(tmpdir(), 'roomrush-paths-'));
const file = join(dir, 'setup.json');
afterAll(() => rmSync(dir, { recursive: true }));

function writeChanged(changes: object): void {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(SETUP_FILE, 'utf8')), ...changes }));
}

it('names a media worker that starts and makes a router', async () => {
  const worker = await createWorker({ workerBin: readSetup().workerBin, logLevel: 'error' });
  const router = await worker.createRouter({
    mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
  });
  expect(router.rtpCapabilities.codecs?.map((codec) => codec.mimeType)).toEqual(['audio/opus']);
  worker.close();
});

it('tells a worker from other programs by how it ends when started alone', async () => {
  expect(await workerAnswers(readSetup().workerBin)).toBe(true);
  expect(await workerAnswers(process.execPath)).toBe(false);
  expect(await workerAnswers(join(dir, 'nothing'))).toBe(false);
});

it('names the command to run when setup has not run', () => {
  expect(() => readSetup(join(dir, 'nothing.json'))).toThrow(
    expect.objectContaining({ code: 'NOT_SET_UP', exitCode: 5, hint: 'node setup/bootstrap.js start' }),
  );
});

it.each([
  ['a worker that is gone', { workerBin: join(dir, 'gone') }, /workerBin at .*gone; it is no longer there/],
  [
    'a meter that is gone',
    { packetMeter: join(dir, 'gone') },
    /packetMeter at .*gone; it is no longer there/,
  ],
  ['another mediasoup', { versions: { node: '24.0.0', mediasoup: '1.0.0' } }, /worker for mediasoup 1\.0\.0/],
  ['another form', { version: 0 }, /in the form of this version/],
  ['an unknown key', { speed: 1 }, /Unrecognized key: "speed"/],
])('refuses a record with %s', (_what, changes, message) => {
  writeChanged(changes);
  expect(() => readSetup(file)).toThrow(
    expect.objectContaining({ code: 'SETUP_STALE', message: expect.stringMatching(message) }),
  );
});
