/** The process of the browser listeners against the real server and its room page, and against pages that fail. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import type { RowType } from '../../../events/row.ts';
import { readDescendants } from '../../../rehearsal/watch/proc.ts';
import { createTraits } from '../../persona/traits.ts';
import { drawPlan } from '../../plan/plan.ts';
import { folder, rowsOf } from '../../swarm/testing/processes.ts';
import {
  ARRIVAL,
  gather,
  INCUMBENT,
  night,
  renderers,
  rowIn,
  running,
  SEED,
  standIn,
  startRoom,
  storyOf,
  valuesOf,
} from './testing/browser-night.ts';

// A Chromium takes its time to start where others work.
vi.setConfig({ testTimeout: 120_000 });

const JOINS = ['arrive', 'dial', 'opened', 'browsed', 'asked'];

test('two people load the room page, get in, hear the host and leave', async () => {
  const dir = folder();
  const target = await startRoom(dir);
  const screens = [{ atMs: 4_000, moment: 'inside' }];
  const { child, exit, begin } = await gather(target, dir, 2, { screens });
  const chromium = readDescendants(child.pid!);
  const report = await begin().done;
  expect(report).toMatchObject({
    type: 'done',
    counters: {
      arrived: 2,
      joined: 2,
      attempts: 2,
      ejected: 0,
      gaveUp: 0,
      left: 2,
      firstIns: 2,
      'crowd.left': 2,
    },
  });
  expect(await exit).toBe(0);
  expect(running(chromium)).toEqual([]);
  expect(readdirSync(dir).filter((name) => name.startsWith('roomrush-chromium-'))).toEqual([]);

  const rows = rowsOf(dir, 'listener');
  for (const personId of [INCUMBENT, ARRIVAL]) {
    expect(storyOf(rows, personId)).toEqual([
      ...['page-loaded', ...JOINS, 'seated:new'],
      ...['ice', 'dtls', 'first-audio', 'in', 'audible', 'left:goodbye'],
    ]);
    const media = rows.filter((row) => row.type === 'media' && row.person_id === String(personId));
    expect(media.length).toBeGreaterThanOrEqual(2);
    expect(new Set(media.map(({ room }) => room))).toEqual(new Set(['main']));
    // 60 ms frames: 16 or 17 packets a second, once a second is whole.
    const packets = media.slice(1).map(({ value }) => Number(value));
    expect(Math.max(...packets)).toBeLessThan(25);
    expect(packets.reduce((sum, one) => sum + one, 0) / packets.length).toBeGreaterThan(10);
  }
  for (const slipMs of valuesOf(rows, 'arrive')) expect(slipMs).toBeGreaterThanOrEqual(0);
  for (const share of valuesOf(rows, 'concealed')) {
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  }
  expect(Math.min(...valuesOf(rows, 'jitter-buffer'))).toBeGreaterThan(0);
  expect(Math.min(...valuesOf(rows, 'page-loaded'))).toBeGreaterThan(0);
  expect(valuesOf(rows, 'trouble')).toEqual([]);
  // The server saw the same two, and their clocks agree on what came first, within what they say of themselves.
  const clockErrorNs = BigInt(Math.ceil(Math.max(...valuesOf(rows, 'page-clock')) * 1e6));
  for (const personId of [INCUMBENT, ARRIVAL]) {
    const at = (side: 'server' | 'listener', type: RowType) =>
      BigInt(rowsOf(dir, side).find((row) => row.type === type && row.person_id === String(personId))!.t_ns);
    // The list was seen before the ask was sent; the row of the ask itself is written after the sending.
    expect(at('server', 'asked')).toBeGreaterThan(at('listener', 'browsed') - clockErrorNs);
    expect(at('listener', 'seated')).toBeGreaterThan(at('server', 'took') - clockErrorNs);
  }
  const pictures = readdirSync(path.join(dir, 'screens'));
  expect(pictures.sort()).toEqual([INCUMBENT, ARRIVAL].map((id) => `01-inside-person-${id}.png`));
  for (const file of pictures) expect(statSync(path.join(dir, 'screens', file)).size).toBeGreaterThan(1_000);
});

test('a page that does not load is a listener that failed, at the instant of their arrival', async () => {
  const dir = folder();
  const target = await standIn((_request, response) => response.writeHead(404).end('nothing here'));
  const { exit, begin } = await gather(target, dir, 2);
  const report = await begin().done;
  expect(report).toMatchObject({ type: 'done', counters: { arrived: 2, joined: 0, gaveUp: 2, attempts: 0 } });
  expect(await exit).toBe(0);
  const rows = rowsOf(dir, 'listener');
  for (const personId of [INCUMBENT, ARRIVAL])
    expect(storyOf(rows, personId)).toEqual(['arrive', 'failed:page-load', 'gave-up:page']);
});

test('a page that is never ready fails after half a minute; it is asked for in the language of its person', async () => {
  const dir = folder();
  const languages: string[] = [];
  const target = await standIn(({ url, headers }, response) => {
    if (url === '/') {
      languages.push(`asked for ${headers['accept-language']}`);
      response.setHeader('content-type', 'text/html');
      response.end('<script>fetch("/script?" + [navigator.language, ...navigator.languages])</script>');
    } else {
      if (url?.startsWith('/script') === true) languages.push(url);
      response.end();
    }
  });
  const { exit, begin } = await gather(target, dir, 1);
  expect(await begin().done).toMatchObject({ type: 'done', counters: { arrived: 1, joined: 0, gaveUp: 1 } });
  expect(await exit).toBe(0);
  expect(storyOf(rowsOf(dir, 'listener'), INCUMBENT)).toEqual(['arrive', 'failed:page-load', 'gave-up:page']);
  const locale = createTraits(drawPlan(night, SEED, 1), SEED)(INCUMBENT).profile!.locale;
  expect(languages).toEqual([`asked for ${locale}`, `/script?${locale},${locale}`]);
});

test('a page that crashes is a listener that failed, and the night goes on', async () => {
  const dir = folder();
  const { child, exit, begin } = await gather(await startRoom(dir), dir, 1);
  const { done } = begin();
  await rowIn(dir, ({ type }) => type === 'audible');
  for (const pid of renderers(child.pid!)) process.kill(pid, 'SIGKILL');
  expect(await done).toMatchObject({ type: 'done', counters: { arrived: 1, joined: 1, gaveUp: 1, left: 0 } });
  expect(await exit).toBe(0);
  const rows = rowsOf(dir, 'listener');
  expect(storyOf(rows, INCUMBENT).slice(-3)).toEqual(['audible', 'failed:page-crash', 'gave-up:page']);
  const { attempt, room } = rows.find(({ type }) => type === 'gave-up')!;
  expect({ attempt, room }).toEqual({ attempt: '1', room: 'main' });
});

test('a page that hangs is closed, and is a listener that failed', async () => {
  const dir = folder();
  const long = { ...night, phases: { ...night.phases, tailMs: 9_000 } };
  const config = { scenario: long, planDigest: drawPlan(long, SEED, 1).digest };
  const { child, exit, begin } = await gather(await startRoom(dir), dir, 1, config);
  const { done } = begin();
  await rowIn(dir, ({ type }) => type === 'audible');
  const stopped = renderers(child.pid!);
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  expect(await done).toMatchObject({ type: 'done', counters: { arrived: 1, joined: 1, gaveUp: 1, left: 0 } });
  expect(await exit).toBe(0);
  expect(storyOf(rowsOf(dir, 'listener'), INCUMBENT).slice(-2)).toEqual(['failed:page-hang', 'gave-up:page']);
  expect(running(stopped)).toEqual([]);
});

test.each(['SIGKILL', 'SIGTERM'] as const)('nothing is left of Chromium after %s', async (signal) => {
  const dir = folder();
  const { child, exit, begin } = await gather(await startRoom(dir), dir, 1);
  begin();
  await rowIn(dir, ({ type }) => type === 'arrive');
  const chromium = readDescendants(child.pid!);
  expect(chromium.length).toBeGreaterThan(2);
  child.kill(signal);
  await exit;
  while (running(chromium).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  if (signal === 'SIGTERM') {
    const causes = rowsOf(dir, 'listener').filter(({ type }) => type === 'interrupted');
    expect(causes.map(({ cause }) => cause)).toEqual(['SIGTERM']);
  }
});
