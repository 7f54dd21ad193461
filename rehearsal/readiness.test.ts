/** What is refused before a night begins. */
import { expect, test } from 'vitest';
import { readSetup } from '../setup/paths.ts';
import { checkBrowsers } from './readiness.ts';

const setup = readSetup();

test('browsers without a Chromium are not ready, and the hint installs one', () => {
  expect(() => checkBrowsers(2, { ...setup, chromium: null })).toThrow(
    expect.objectContaining({
      code: 'no-chromium',
      exitCode: 5,
      hint: expect.stringContaining('node setup/bootstrap.js test'),
    }),
  );
  expect(() => checkBrowsers(0, { ...setup, chromium: null })).not.toThrow();
});

test('more browsers than a machine bears are refused', () => {
  const chromium = '/usr/bin/chromium';
  expect(() => checkBrowsers(64, { ...setup, chromium })).not.toThrow();
  expect(() => checkBrowsers(65, { ...setup, chromium })).toThrow(
    expect.objectContaining({
      code: 'too-many-browsers',
      exitCode: 2,
      hint: expect.stringContaining('core'),
    }),
  );
});
