/**
 * Real nights of a few seconds, each with one of clinic's tools: the server is profiled over the surge and nothing else of
 * the night changes its way; clinic's page is there and shows our functions; nothing is fetched by it or left behind.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { cpuProfileSchema, profileWindowSchema } from '../../reports/profile-schema.ts';
import { CLINIC_TOOLS, type ClinicTool, readRunRecord } from '../../reports/store/run-record.ts';
import type { Summary } from '../../reports/summary.ts';
import { findScenario } from '../../scenarios/index.ts';
import { launchChromium } from '../../server/page/testing/chromium.ts';
import type { PreparedNight } from '../prepare.ts';
import { runNight } from '../run.ts';
import { prepareSmallNight } from '../small-night.ts';
import { drawClinicPage, profileEnvironment, profileTimes } from './server-profile.ts';

const PEOPLE = 60;
const never = new AbortController().signal;

/** Without audio, and with: a server with media has threads and a worker. */
let night: PreparedNight;
let nightWithAudio: PreparedNight;
beforeAll(async () => {
  const steady = await findScenario('steady');
  const times = { overMs: 2_000, tailMs: 2_500 };
  night = prepareSmallNight(steady, 'clubhouse-2021', 'signal', PEOPLE, times);
  nightWithAudio = prepareSmallNight(steady, 'clubhouse-2021', 'webrtc', PEOPLE, times);
});

function folder(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-clinic-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** What a browser shows of a page, and what it asked for on the way. */
async function shown(file: string): Promise<{ readonly text: string; readonly asked: readonly string[] }> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`file://${file}`, { waitUntil: 'load' });
    await page.waitForFunction('document.body.innerText.length > 100');
    return { text: (await page.evaluate('document.body.innerText')) as string, asked };
  } finally {
    await browser.close();
  }
}

test.each(CLINIC_TOOLS)(
  '%s: a night is profiled over its surge, and clinic draws its page',
  async (tool) => {
    const dir = folder();
    const before = readdirSync('.');
    const played = tool === 'flame' ? nightWithAudio : night;
    const summary: Summary = await runNight({ ...played, profiler: tool }, dir, null, () => {}, never);

    // The server heard its orders and ended in order; the night is whole.
    expect(summary.run.partial).toBe(false);
    expect(summary.crowd.joined).toBe(PEOPLE);
    expect(readFileSync(path.join(dir, 'server.log'), 'utf8')).not.toContain('profile');
    const clinic = path.join(dir, 'clinic');
    const window = profileWindowSchema.parse(
      JSON.parse(readFileSync(path.join(clinic, 'window.json'), 'utf8')),
    );
    expect(window.endedBy).toBe('order');

    expect(readRunRecord(dir).profiler).toBe(tool);
    expect(summary.run.profiler).toEqual({ tool, page: `clinic/${tool}.html`, problem: null });
    expect(summary.verdict.notes.join('\n')).toContain(`profiled with clinic ${tool}`);

    const { fromMs, toMs, modules, mainThreadMs, processMs, workerMs, functions } =
      summary.server.cpuByModule!;
    const { startMs, stopMs } = profileTimes({ surgeStartMs: 1_500, surgeEndMs: 3_500 });
    // It may hear an order late, and never before it was given; a timer of Node may be a millisecond early.
    expect(fromMs).toBeGreaterThan(startMs - 1);
    expect(toMs).toBeGreaterThan(stopMs - 1);
    const sum = Object.values(modules).reduce((total, { cpuMs }) => total + cpuMs, 0);
    expect(sum).toBeCloseTo(mainThreadMs, 6);
    expect(mainThreadMs).toBeGreaterThan(0);
    expect(processMs).toBeGreaterThanOrEqual(mainThreadMs);
    // Sixty people told of sixty joins: both parts were at work.
    expect(modules.presence.cpuMs).toBeGreaterThan(0);
    expect(modules.signalling.cpuMs).toBeGreaterThan(0);
    expect(functions.map(({ file }) => file)).toContain('server/rooms/presence.ts');
    if (tool === 'flame') {
      expect(modules.mediaControl.cpuMs).toBeGreaterThan(0);
      expect(workerMs).toBeGreaterThan(0);
    } else expect(workerMs).toBeNull();

    const file = path.join(clinic, `${tool}.html`);
    const html = readFileSync(file, 'utf8');
    // Of memory few samples are taken, and whose they are is chance; of CPU presence is the most.
    if (tool === 'flame') expect(/tell \.\/server\/rooms\/presence\.ts/.test(html)).toBe(true);
    if (tool === 'heapprofiler') expect(/\/(server|events)\/[\w/-]+\.ts/.test(html)).toBe(true);
    const { text, asked } = await shown(file);
    expect(text).toContain({ doctor: 'Doctor', flame: 'Flame', heapprofiler: 'Heap Profiler' }[tool]);
    expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);

    // Nothing is left of clinic where roomrush was started, and nothing half-made in the run's folder.
    expect(readdirSync('.')).toEqual(before);
    expect(readdirSync(clinic).toSorted()).toEqual(
      [
        ...['cpu.cpuprofile', `${tool}.html`, 'page.json', 'window.json'],
        ...(tool === 'heapprofiler' ? ['heap.heapprofile'] : []),
      ].toSorted(),
    );
  },
  180_000,
);

test('a night that is stopped in its surge: what was taken until then is kept and drawn', async () => {
  const dir = folder();
  const stop = new AbortController();
  const long = { ...night, profiler: 'flame' as const };
  const summary = await runNight(
    long,
    dir,
    null,
    (seen) => {
      if (seen.type === 'second' && seen.nightMs > 2_000) stop.abort();
    },
    stop.signal,
  );
  expect(summary.run.partial).toBe(true);
  const clinic = path.join(dir, 'clinic');
  const window = profileWindowSchema.parse(
    JSON.parse(readFileSync(path.join(clinic, 'window.json'), 'utf8')),
  );
  expect(window.endedBy).toBe('exit');
  const { samples } = cpuProfileSchema.parse(
    JSON.parse(readFileSync(path.join(clinic, 'cpu.cpuprofile'), 'utf8')),
  );
  expect(samples.length).toBeGreaterThan(0);
  expect(summary.run.profiler?.page).toBe('clinic/flame.html');
}, 180_000);

test('a server that is killed leaves no profile: said, and the rest of the run is there', async () => {
  const dir = folder();
  const killed = {
    ...night,
    profiler: 'heapprofiler' as const,
    faults: [{ kind: 'kill-server', atMs: 2_500 } as const],
  };
  const summary = await runNight(killed, dir, null, () => {}, never);
  expect(summary.run.profiler).toMatchObject({
    page: null,
    problem: 'the server ended without writing what was taken of it, or before its surge',
  });
  expect(summary.server.cpuByModule).toBeNull();
  expect(existsSync(path.join(dir, 'report.html'))).toBe(true);
});

test('a page that clinic cannot draw costs nothing but itself, and what went wrong is written down', async () => {
  const dir = folder();
  const clinic = path.join(dir, 'clinic');
  mkdirSync(clinic);
  const window = {
    ...{ schema: 'roomrush/profile-window@1', root: '/srv/roomrush', startNs: '1', endNs: '2' },
    ...{ processCpuMs: 1, mainThreadCpuMs: 1, endedBy: 'order' },
  };
  writeFileSync(path.join(clinic, 'window.json'), JSON.stringify(window));
  writeFileSync(path.join(clinic, 'cpu.cpuprofile'), '{"nodes":[');
  const drawn = await drawClinicPage('flame', dir, never);
  expect(drawn).toMatchObject({
    page: null,
    problem: expect.stringMatching(/^clinic failed \(1\) SyntaxError/),
  });
  expect(JSON.parse(readFileSync(path.join(clinic, 'page.json'), 'utf8'))).toEqual(drawn);
});

const optionsOf = (tool: ClinicTool, own: string | undefined) =>
  profileEnvironment(tool, '/tmp/a run', night.scenario, own)['NODE_OPTIONS'];

test('the user’s own NODE_OPTIONS stay, and only the doctor has traces written, into the run’s folder', () => {
  expect(optionsOf('flame', undefined)).toMatch(/^--import=file:\/\/\S+\/rehearsal\/clinic\/in-server\.ts$/);
  expect(optionsOf('flame', '--max-old-space-size=512')).toMatch(/^--max-old-space-size=512 --import=/);
  expect(optionsOf('doctor', undefined)).toContain(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node puts the number of the file there.
    '"--trace-event-file-pattern=/tmp/a run/clinic/node_trace.${rotation}.log"',
  );
  const settings = JSON.parse(profileEnvironment('doctor', '/tmp/run', night.scenario)['ROOMRUSH_PROFILE']!);
  expect(settings).toMatchObject({ tool: 'doctor', dir: '/tmp/run/clinic', sampleEveryMs: 10 });
});

test('a long surge is looked at less often, so that clinic can think about it', () => {
  const { phases } = night.scenario;
  const long = { ...night.scenario, phases: { ...phases, surgeMs: 300_000 } };
  expect(JSON.parse(profileEnvironment('doctor', '/tmp/run', long)['ROOMRUSH_PROFILE']!).sampleEveryMs).toBe(
    51,
  );
});

test('the profile begins just before the surge, and never before the night', () => {
  expect(profileTimes({ surgeStartMs: 35_000, surgeEndMs: 65_000 })).toEqual({
    startMs: 34_500,
    stopMs: 65_000,
  });
  expect(profileTimes({ surgeStartMs: 200, surgeEndMs: 900 })).toEqual({ startMs: 0, stopMs: 900 });
});
