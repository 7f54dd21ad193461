import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { TestListener, testConfig } from './testing/test-kit.ts';

async function startProcess(
  change: object = {},
  entry = 'main.ts',
): Promise<{
  readonly child: ChildProcess;
  readonly exit: Promise<unknown[]>;
  readonly runDir: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
  readonly said: Promise<any>;
}> {
  const config = { ...(await testConfig('guarded')), ...change };
  const path = join(config.runDir, 'server.json');
  await writeFile(path, JSON.stringify(config));
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), [path], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = once(child, 'message').then(([message]) => message);
  return { child, exit: once(child, 'exit'), runDir: config.runDir, said };
}

test('says that it is ready, serves, obeys stop, and leaves its rows', async () => {
  const { child, exit, runDir, said } = await startProcess();
  const ready = await said;
  expect(ready).toEqual({
    type: 'ready',
    port: expect.any(Number),
    rtcPort: null,
    pid: child.pid,
    workerPid: null,
  });
  expect((await fetch(`http://127.0.0.1:${ready.port}/health`)).status).toBe(200);
  child.send({ type: 'stop' });
  expect(await exit).toEqual([0, null]);
  const segments = await readdir(join(runDir, 'events'));
  const rows = await Promise.all(segments.map((name) => readFile(join(runDir, 'events', name), 'utf8')));
  expect(rows.join('')).toContain(',room-opened,main,,100,');
});

test('tells its rooms once a second', async () => {
  const { child, said } = await startProcess();
  const { port } = await said;
  const told = async () => (await once(child, 'message'))[0];
  const main = { id: 'main', kind: 'main', seats: 100 };
  expect(await told()).toEqual({ type: 'rooms', rooms: [{ ...main, taken: 0 }], queue: 0 });
  const ada = new TestListener(port);
  await ada.opened;
  ada.ask(1);
  await ada.next('S');
  expect(await told()).toEqual({ type: 'rooms', rooms: [{ ...main, taken: 1 }], queue: 0 });
});

test('empties the rooms when told to, and takes no order that is none', async () => {
  const { child, said } = await startProcess();
  const ada = new TestListener((await said).port);
  await ada.opened;
  ada.ask(1);
  await ada.next('S');
  child.send({ type: 'empty-rooms', what: 'everything' });
  child.send({ type: 'empty-rooms', what: 'restart-room' });
  expect((await ada.next('E')).head.cause).toBe('room-closed');
  expect(await ada.closed).toBe(1008);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it cleanly', async (signal) => {
  const { child, exit, said } = await startProcess();
  await said;
  child.kill(signal);
  expect(await exit).toEqual([0, null]);
});

test('ends when its parent is gone', async () => {
  const { child, exit, said } = await startProcess();
  await said;
  child.disconnect();
  expect(await exit).toEqual([0, null]);
});

test('a port in use: said with its code, exit 5', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as { port: number };
  const { exit, said } = await startProcess({ port });
  expect(await said).toMatchObject({
    type: 'error',
    code: 'EADDRINUSE',
    message: expect.stringContaining(`${port}`),
  });
  expect(await exit).toEqual([5, null]);
});

test('a wrong configuration: every problem is named, exit 2', async () => {
  const { exit, said } = await startProcess({ port: -1, seed: 'x', colour: 'red' });
  const { code, message } = await said;
  expect(code).toBe('CONFIG_INVALID');
  for (const word of ['port', 'seed', 'colour']) expect(message).toContain(word);
  expect(await exit).toEqual([2, null]);
});

test('killed outright and started again, it holds the seats', async () => {
  const first = await startProcess();
  const { port } = await first.said;
  const ada = new TestListener(port);
  await ada.opened;
  ada.ask(1);
  const { ticket } = (await ada.next('S')).head;
  first.child.kill('SIGKILL');
  await first.exit;
  await ada.closed;
  const second = await startProcess({ runDir: first.runDir });
  const again = new TestListener((await second.said).port);
  await again.opened;
  again.ask(1, { attempt: 2, ticket });
  expect((await again.next()).head).toMatchObject({ seat: 1, resumed: true });
});
