import { expect, it } from 'vitest';
import { openFileLimits } from './doctor/limits.ts';
import { type DoctorRow, examineMachine, machineIsReady } from './doctor.ts';
import { readSetup } from './paths.ts';

const row: DoctorRow = { name: 'x', found: 'y', version: null, status: 'ok', detail: '', mend: null };

it('has a row for each thing that a night needs', async () => {
  const rows = await examineMachine();
  expect(rows.map(({ name }) => name)).toEqual([
    'Node',
    'npm',
    'mediasoup worker',
    'node-datachannel',
    'packet meter',
    'rtp sink',
    'C compiler',
    'Chromium',
    'k6',
    'Prometheus',
    'taskset',
    'cores',
    'memory',
    'open files',
    'ephemeral ports',
    'somaxconn',
    'disk',
    'clock source',
  ]);
  const byName = new Map(rows.map((each) => [each.name, each]));
  expect(byName.get('Node')).toMatchObject({ version: process.versions.node, status: 'ok' });
  expect(byName.get('mediasoup worker')).toMatchObject({ found: readSetup().workerBin, status: 'ok' });
  expect(byName.get('node-datachannel')).toMatchObject({ version: '0.33.4', status: 'ok' });
});

it('says what to do about each gap that stands in the way, and nothing about what is well', async () => {
  for (const each of await examineMachine()) {
    if (each.status === 'missing') expect(each.mend, each.name).toEqual(expect.any(String));
    if (each.status === 'ok') expect(each.mend, each.name).toBeNull();
  }
});

it('calls a machine ready in spite of warnings, and not when something is missing', () => {
  expect(machineIsReady([row, { ...row, status: 'warning' }])).toBe(true);
  expect(machineIsReady([row, { ...row, status: 'missing' }])).toBe(false);
});

it('reads the open-file limits of Linux', () => {
  const line = 'Max open files            1024                 unlimited            files     \n';
  expect(openFileLimits(`Max cpu time  unlimited unlimited seconds\n${line}`)).toEqual({
    soft: 1024,
    hard: Number.POSITIVE_INFINITY,
  });
  expect(openFileLimits('')).toBeNull();
});
