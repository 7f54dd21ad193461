/** The stream over real sockets: who gets what, who is refused, and who is cut off. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { MarkFrame } from './frames.ts';
import { type LiveOptions, type LiveStream, openLiveStream } from './stream.ts';
import { readStream } from './testing/read-stream.ts';

const FILES = [{ path: '/', type: 'text/html; charset=utf-8', body: '<!doctype html><title>live</title>' }];

async function open(options: Partial<LiveOptions> = {}): Promise<LiveStream> {
  const stream = await openLiveStream({ files: FILES, port: 0, ...options });
  onTestFinished(() => stream.close());
  return stream;
}

function mark(text: string): MarkFrame {
  return { type: 'mark', nth: 0, kind: 'moment', nightMs: 0, text };
}

type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** As it is: neither the path nor the host is made better on the way. */
async function ask(
  stream: LiveStream,
  target: string,
  how: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { port } = new URL(stream.url);
  const { method = 'GET', headers = {} } = how;
  const asked = request({ host: '127.0.0.1', port, path: target, method, headers, agent: false });
  asked.end();
  const [response] = await once(asked, 'response');
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}

test('whoever comes first and whoever comes late know the same, in the same order', async () => {
  const stream = await open();
  const early = await readStream(stream.url);
  expect(early.hello).toEqual({ type: 'hello', frames: [] });
  for (const text of ['one', 'two']) stream.tell(mark(text));
  await early.until(() => early.events.length === 2);
  const late = await readStream(stream.url);
  stream.tell(mark('three'));
  await Promise.all([early, late].map((reader) => reader.until(() => reader.frames.length === 3)));
  expect(late.hello?.frames).toEqual([mark('one'), mark('two')]);
  expect(late.frames).toEqual(early.frames);
  expect(early.events.map(({ id, event }) => [id, event])).toEqual([
    [1, 'mark'],
    [2, 'mark'],
    [3, 'mark'],
  ]);
  expect(early.response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
});

test('fifty pages get everything, and a frame is put into words once', async () => {
  const stream = await open();
  const readers = await Promise.all(Array.from({ length: 50 }, () => readStream(stream.url)));
  expect(stream.pages).toBe(50);
  let worded = 0;
  for (let second = 0; second < 20; second++) {
    const frame = mark(`${second}`);
    const counted = {
      ...frame,
      toJSON: () => {
        worded++;
        return frame;
      },
    };
    stream.tell(counted);
  }
  await Promise.all(readers.map((reader) => reader.until(() => reader.events.length === 20)));
  expect(readers.every(({ events }) => events.every(({ id }, nth) => id === nth + 1))).toBe(true);
  expect(worded).toBe(20);
});

/** A page whose window hangs: it asks for the stream and takes nothing in. */
async function hang(stream: LiveStream): Promise<Socket> {
  const before = stream.pages;
  const socket = connect(Number(new URL(stream.url).port), '127.0.0.1').pause();
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  const beside = await readStream(stream.url);
  socket.write('GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  // The server has taken it in when it is counted, which anybody else's event may be behind.
  while (stream.pages < before + 2) await new Promise(setImmediate);
  beside.close();
  await beside.ended;
  return socket;
}

test('a page that does not read is cut off and counted; another one misses nothing', async () => {
  const stream = await open({ backlogBytesMax: 2 ** 16 });
  await hang(stream);
  const reader = await readStream(stream.url);
  let told = 0;
  let dropped = 0;
  // The kernel takes some megabytes for a page before any of it waits here.
  while (dropped === 0 && told < 400) {
    stream.tell(mark(`${told} ${'x'.repeat(100_000)}`));
    told++;
    await reader.until(() => reader.events.length === told);
    dropped = stream.takeDropped();
  }
  expect(dropped).toBe(1);
  expect(stream.takeDropped()).toBe(0);
  expect(stream.pages).toBe(1);
  stream.tell(mark('last'));
  await reader.until(() => reader.events.length === told + 1);
  expect(reader.events.map(({ id }) => id)).toEqual(Array.from({ length: told + 1 }, (_, nth) => nth + 1));
});

test('a page that comes late is not cut off for how much it is told at once', async () => {
  const stream = await open({ backlogBytesMax: 1_000 });
  for (let nth = 0; nth < 200; nth++) stream.tell(mark('y'.repeat(100_000)));
  const coming = readStream(stream.url);
  while (stream.pages === 0) await new Promise(setImmediate);
  stream.tell(mark('meanwhile'));
  const reader = await coming;
  await reader.until(() => reader.events.length === 1);
  expect(reader.frames).toHaveLength(201);
  expect(stream.takeDropped()).toBe(0);
});

test('the page may load nothing from elsewhere, and there is nothing else', async () => {
  const stream = await open();
  const page = await ask(stream, '/?theme=dark');
  expect([page.status, page.body]).toEqual([200, FILES[0]!.body]);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  expect(page.headers['x-content-type-options']).toBe('nosniff');
  for (const target of ['/other', '/../package.json', '/report', '/report/', '//'])
    expect([target, (await ask(stream, target)).status]).toEqual([target, 404]);
});

test.each(['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s changes nothing', async (method) => {
  const { status, headers } = await ask(await open(), '/', { method });
  expect([status, headers.allow]).toEqual([405, 'GET']);
});

test.each([
  ['evil.example', 403],
  ['127.0.0.1.evil.example', 403],
  ['evil.example:7700', 403],
  ['10.0.0.1', 403],
  ['localhost@evil.example', 403],
  ['localhost', 200],
  ['LOCALHOST:8080', 200],
  ['127.0.0.1:7700', 200],
  ['[::1]:9', 200],
])('asked for as %s: %i', async (host, expected) => {
  const stream = await open();
  expect((await ask(stream, '/', { headers: { host } })).status).toBe(expected);
});

test("another site's page may not listen in", async () => {
  const headers = { 'sec-fetch-site': 'cross-site' };
  expect((await ask(await open(), '/events', { headers })).status).toBe(403);
});

test('the report and its pictures can be had once there is one, and nothing beside them', async () => {
  const stream = await open();
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-live-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const run = path.join(dir, 'run');
  mkdirSync(path.join(run, 'screens'), { recursive: true });
  mkdirSync(path.join(run, 'guarded-1', 'screens'), { recursive: true });
  writeFileSync(path.join(run, 'report.html'), '<title>report</title>');
  writeFileSync(path.join(run, 'screens', '01-surge-person-3.png'), 'picture');
  writeFileSync(path.join(run, 'guarded-1', 'screens', '01-end-person-4.png'), 'other');
  writeFileSync(path.join(run, 'run.json'), '{}');
  writeFileSync(path.join(dir, 'report.html'), 'secret');
  writeFileSync(path.join(dir, 'secret.png'), 'secret');
  symlinkSync(path.join(dir, 'secret.png'), path.join(run, 'screens', 'link.png'));
  expect((await ask(stream, '/report/')).status).toBe(404);
  stream.showReport(run);
  const report = await ask(stream, '/report/');
  expect([report.status, report.body]).toEqual([200, '<title>report</title>']);
  expect(report.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect((await ask(stream, '/report/report.html')).body).toBe('<title>report</title>');
  const picture = await ask(stream, '/report/screens/01-surge-person-3.png');
  expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/png']);
  expect((await ask(stream, '/report/guarded-1/screens/01-end-person-4.png')).body).toBe('other');
  for (const name of [
    '../report.html',
    '%2e%2e/report.html',
    '..%2freport.html',
    'screens/../../secret.png',
    '../screens/../secret.png',
    'screens/link.png',
    'screens/none.png',
    'run.json',
    'screens/',
    'screens/%00.png',
    '%ff',
    '%E0%A4%A',
  ])
    expect([name, (await ask(stream, `/report/${name}`)).status]).toEqual([name, 404]);
});

test('the usual port, or the next that is free and not needed elsewhere; one that was asked for, or none', async () => {
  const first = await open({ port: null });
  const port = Number(new URL(first.url).port);
  expect(port).toBeGreaterThanOrEqual(7700);
  const next = await open({ port: null, avoid: [port + 1] });
  expect(Number(new URL(next.url).port)).toBeGreaterThan(port + 1);
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const { port: taken } = holder.address() as { readonly port: number };
  await expect(open({ port: taken })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('at the end everybody has the last word, and the port is free again', async () => {
  const stream = await open();
  const reader = await readStream(stream.url);
  const { port } = new URL(stream.url);
  stream.tell({ type: 'end', hasReport: false });
  await stream.close();
  await reader.ended;
  expect(reader.frames).toEqual([{ type: 'end', hasReport: false }]);
  await expect(fetch(stream.url)).rejects.toThrow('fetch failed');
  expect(new URL((await open({ port: Number(port) })).url).port).toBe(port);
});

test('the end does not wait for a page that hangs', async () => {
  const stream = await open();
  const socket = await hang(stream);
  for (let nth = 0; nth < 100; nth++) stream.tell(mark('z'.repeat(100_000)));
  await stream.close();
  expect(stream.pages).toBe(0);
  socket.resume();
  await once(socket, 'close');
});
