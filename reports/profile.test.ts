/** What a summary says of a profiled run, from a folder written by hand: exact figures, and what is missing, said. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { launchChromium, violationsOf } from '../server/page/testing/chromium.ts';
import { figuresOf } from './gate/figures.ts';
import { summarise } from './index.ts';
import type { ClinicPage, ProfileWindow } from './profile-schema.ts';
import { HAND_ROOT, handProfile, ours } from './testing/cpu-profile.ts';
import { getsIn, type HandRow, removeRun, START_NS, smallNight, writeHandRun } from './testing/hand-log.ts';
import { openReport } from './testing/report-page.ts';

const at = (ms: number) => String(START_NS + BigInt(ms) * 1_000_000n);

const WINDOW: ProfileWindow = {
  schema: 'roomrush/profile-window@1',
  root: HAND_ROOT,
  startNs: at(4_500),
  endNs: at(6_250),
  processCpuMs: 1_000,
  mainThreadCpuMs: 800,
  endedBy: 'order',
};
const PAGE: ClinicPage = {
  ...{ schema: 'roomrush/clinic-page@1', tool: 'flame', version: '13.0.0' },
  ...{ page: 'flame.html', problem: null },
};
const PROFILE = handProfile([
  [300, ['tell', ours('server/rooms/presence.ts'), 24]],
  [50, ['(idle)']],
  [75, ['hear', ours('server/door/conversation.ts'), 31]],
  [25, ['(garbage collector)']],
]);

/** One person, and what the media worker took in each second before the instant. */
const ROWS: readonly HandRow[] = [
  ...getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
  [4_000, 'rehearsal', 'cpu', null, { cause: 'worker', value: 1_000 }],
  [5_000, 'rehearsal', 'cpu', null, { cause: 'worker', value: 100 }],
  [6_000, 'rehearsal', 'cpu', null, { cause: 'worker', value: 200 }],
  [7_000, 'rehearsal', 'cpu', null, { cause: 'worker', value: 400 }],
  [6_000, 'rehearsal', 'cpu', null, { cause: 'server', value: 900 }],
];

async function profiledRun(files: Readonly<Record<string, object | string>>): Promise<string> {
  const runDir = await writeHandRun({
    scenario: smallNight({}),
    people: [{ intendedMs: 5_000 }],
    rows: ROWS,
    record: { profiler: 'flame' },
  });
  onTestFinished(() => removeRun(runDir));
  mkdirSync(path.join(runDir, 'clinic'));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(path.join(runDir, 'clinic', name), text);
  }
  return runDir;
}

const WHOLE = {
  'window.json': WINDOW,
  'page.json': PAGE,
  'cpu.cpuprofile': PROFILE,
  'flame.html': '<!doctype html>',
};

test('the thread’s CPU is shared out by what was seen, and the worker’s is what lies in the window', async () => {
  const runDir = await profiledRun(WHOLE);
  const { run, server, verdict } = await summarise(runDir);
  expect(run.profiler).toEqual({ tool: 'flame', page: 'clinic/flame.html', problem: null });
  const nothing = { cpuMs: 0, share: 0 };
  expect(server.cpuByModule).toEqual({
    ...{ fromMs: 4_500, toMs: 6_250, samples: 3 },
    ...{ processMs: 1_000, mainThreadMs: 800, otherThreadsMs: 200 },
    // Half of the first second, all of the next, a quarter of the last.
    workerMs: 50 + 200 + 100,
    modules: {
      presence: { cpuMs: 600, share: 0.75 },
      signalling: { cpuMs: 150, share: 0.1875 },
      gc: { cpuMs: 50, share: 0.0625 },
      ...{ admission: nothing, rooms: nothing, mediaControl: nothing },
      ...{ log: nothing, native: nothing, other: nothing },
    },
    functions: [
      {
        ...{ name: 'tell', file: 'server/rooms/presence.ts', line: 24, module: 'presence' },
        ...{ cpuMs: 600, share: 0.75 },
      },
      {
        ...{ name: 'hear', file: 'server/door/conversation.ts', line: 31, module: 'signalling' },
        ...{ cpuMs: 150, share: 0.1875 },
      },
    ],
  });
  expect(verdict.notes).toContain(
    'profiled with clinic flame, which costs CPU itself: no gate, comparison or capacity takes this run',
  );
  const html = readFileSync(path.join(runDir, 'report.html'), 'utf8');
  expect(html).toContain('Presence took 75 % of the server&#39;s main thread in the surge, 600 ms of 800 ms');
  expect(html).toContain('<a href="clinic/flame.html">');
});

test.each([
  ['nothing', {}, 'the server ended without writing', 'clinic had not drawn'],
  ['half of a profile', { ...WHOLE, 'cpu.cpuprofile': '{"nodes":[' }, 'the server ended without writing', ''],
  ['a window of another shape', { ...WHOLE, 'window.json': { at: 'noon' } }, 'the server ended without', ''],
])('%s in the folder: said, and the run is measured all the same', async (_what, files, first, second) => {
  const { run, server, crowd, verdict } = await summarise(await profiledRun(files));
  expect(server.cpuByModule).toBeNull();
  expect(run.profiler?.problem).toContain(first);
  expect(run.profiler?.problem).toContain(second);
  expect(verdict.notes.join('\n')).toContain('of the profile something is missing: the server ended');
  expect(crowd.joined).toBe(1);
});

test('a page that clinic could not draw, or that is gone, is no link', async () => {
  const failed = { ...PAGE, page: null, problem: 'clinic failed (1) Error: no such file' };
  const { run } = await summarise(await profiledRun({ ...WHOLE, 'page.json': failed }));
  expect(run.profiler).toEqual({ tool: 'flame', page: null, problem: failed.problem });
  const { 'flame.html': _gone, ...without } = WHOLE;
  const runDir = await profiledRun(without);
  expect((await summarise(runDir)).run.profiler).toEqual({ tool: 'flame', page: null, problem: null });
  expect(readFileSync(path.join(runDir, 'report.html'), 'utf8')).not.toContain('clinic/flame.html');
});

test('a path that leads out of the folder is no page', async () => {
  const out = { ...PAGE, page: '../../secret.html' };
  const { run } = await summarise(await profiledRun({ ...WHOLE, 'page.json': out }));
  expect(run.profiler?.page).toBeNull();
});

test('a run without a profiler says nothing of one', async () => {
  const runDir = await writeHandRun({
    scenario: smallNight({}),
    people: [{ intendedMs: 5_000 }],
    rows: ROWS,
  });
  onTestFinished(() => removeRun(runDir));
  const { run, server, verdict } = await summarise(runDir);
  expect(run.profiler).toBeNull();
  expect(server.cpuByModule).toBeNull();
  expect(verdict.notes.join('\n')).not.toContain('profile');
  expect(readFileSync(path.join(runDir, 'report.html'), 'utf8')).not.toContain('Whose the server');
});

test('a gate takes no figures from a profiled run', async () => {
  const summary = await summarise(await profiledRun(WHOLE));
  expect(() => figuresOf(summary)).toThrow(
    'expected runs without a profiler for a gate, but by-hand was profiled',
  );
});

test.each(['light', 'dark'])(
  'axe finds nothing wrong in the report of a profiled run (%s)',
  async (theme) => {
    const runDir = await profiledRun(WHOLE);
    await summarise(runDir);
    const browser = await launchChromium();
    try {
      const { page, requests } = await openReport(browser, runDir, 320);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await page.$$eval('details', (all) => {
        for (const one of all) one.open = true;
      });
      expect(await page.$eval('#clinic h3', ({ textContent }) => textContent)).toContain(
        'Presence took 75 %',
      );
      expect(await violationsOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      expect(requests).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
