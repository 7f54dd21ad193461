/** The live page of a command as a user meets it. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { SecondFrame } from '../dashboards/live/frames.ts';
import { readStream } from '../dashboards/live/testing/read-stream.ts';
import type { Summary } from '../reports/summary.ts';
import { processesOf, roomrush, testFolder } from './testing/command.ts';

const ADDRESS = /^live: (http:\/\/127\.0\.0\.1:\d+\/)$/m;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The folder of this test in which somebody else holds a port. */
async function heldPort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  return (holder.address() as { readonly port: number }).port;
}

test('run: the address comes first, the page is told the whole night, and the last line is a link', async () => {
  const { dir, night } = testFolder();
  const livePort = await freePort();
  const args = ['--no-preflight', '--json', '--out', dir, '--live-port', String(livePort)];
  const command = roomrush('run', night, ...args);
  await command.printed('live: ');
  const url = `http://127.0.0.1:${livePort}/`;
  expect((await fetch(url)).headers.get('content-type')).toBe('text/html; charset=utf-8');
  const reader = await readStream(url);
  const { stdout, stderr } = await command.ended;
  await reader.ended;
  const lines = stderr.trimEnd().split('\n');
  expect(lines[0]).toBe(`live: ${url}`);
  const summary: Summary = JSON.parse(stdout);
  const report = /^report: (.+)$/m.exec(stderr)![1]!;
  expect(lines.at(-1)).toBe(pathToFileURL(report).href);
  const seconds = reader.frames.filter((frame): frame is SecondFrame => frame.type === 'second');
  expect(seconds.reduce((all, { joins }) => all + joins, 0)).toBe(summary.crowd.joined);
  expect(seconds.at(-1)!.arrived).toBe(summary.crowd.arrived);
  expect(reader.frames.map(({ type }) => type).filter((type) => type !== 'second')).toEqual([
    ...['night', 'mark', 'verdict', 'end'],
  ]);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(processesOf(dir)).toEqual([]);
});

test('a live port that is taken names its holder, before anything starts', async () => {
  const { dir, night } = testFolder();
  const port = await heldPort();
  const { code, stderr } = await roomrush('run', night, '--out', dir, '--live-port', String(port)).ended;
  expect(stderr).toContain(`port ${port} is taken by process ${process.pid}`);
  expect(stderr).toContain('choose another --live-port, or --no-live');
  expect(code).toBe(5);
});

test.each([
  [['--no-live', '--live-port', '7700'], 'expected --no-live alone, got --live-port too'],
  [['--no-live', '--live-linger', '5'], 'expected --no-live alone, got --live-linger too'],
  [['--live-port', '0'], 'Expected a port from 1 to 65535.'],
  [['--live-linger', 'long'], 'Expected seconds from 0 to 86400.'],
])('%j is wrong use, and said', async (args, message) => {
  const { code, stderr } = await roomrush('run', 'steady', '--no-preflight', ...args).ended;
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('serve: the page has the rooms of the server, and ends with it', async () => {
  const { dir } = testFolder();
  const [port, livePort] = [await freePort(), await freePort()];
  const args = ['--port', String(port), '--live-port', String(livePort), '--out', dir];
  const command = roomrush('serve', ...args);
  await command.printed('/hallway');
  const reader = await readStream(`http://127.0.0.1:${livePort}/`);
  const told = () =>
    reader.frames.find(
      (frame): frame is SecondFrame => frame.type === 'second' && frame.rooms !== null && frame.cpu !== null,
    );
  await reader.until(() => told() !== undefined);
  expect(told()).toMatchObject({
    rooms: [{ id: 'main', kind: 'main', taken: 0, seats: 2000 }],
    crowd: { in: 0, overflow: 0, queueing: 0 },
  });
  expect(reader.frames[0]).toMatchObject({ type: 'night', nightEndMs: null });
  command.kill('SIGINT');
  const { code, stdout } = await command.ended;
  expect(ADDRESS.exec(stdout)![1]).toBe(`http://127.0.0.1:${livePort}/`);
  await reader.ended;
  expect(reader.frames.at(-1)).toEqual({ type: 'end', hasReport: false });
  expect(code).toBe(130);
  expect(processesOf(dir)).toEqual([]);
});

test('serve --no-live serves the room alone', async () => {
  const { dir } = testFolder();
  const command = roomrush('serve', '--port', String(await freePort()), '--no-live', '--out', dir);
  await command.printed('/hallway');
  command.kill('SIGINT');
  const { code, stdout } = await command.ended;
  expect([ADDRESS.test(stdout), code]).toEqual([false, 130]);
});
