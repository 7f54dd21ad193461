import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LaidClone, layClone, startScript } from './laid-clone.ts';

let clone: LaidClone;

beforeAll(async () => {
  clone = layClone();
  mkdirSync(join(clone.dir, 'cli'));
  expect((await startScript(clone, 'bootstrap.js', ['start']).ended).code).toBe(0);
});

afterAll(() => clone.remove());

/** Lays a command line into the clone that does what the test wants to see. */
function layCommandLine(code: string): void {
  writeFileSync(join(clone.dir, 'cli/main.ts'), code);
}

it('hands its arguments over to Node 24 and ends with the exit code of the command', async () => {
  layCommandLine(`
    const major: string = process.versions.node.split('.')[0]!;
    console.log(JSON.stringify([major, ...process.argv.slice(2)]));
    process.exitCode = 3;
  `);
  const { code, stdout, stderr } = await startScript(clone, 'roomrush.js', ['run', '--seed', 'a b']).ended;
  expect([code, stdout, stderr]).toEqual([3, '["24","run","--seed","a b"]\n', '']);
});

it.each(['SIGINT', 'SIGTERM'] as const)('lets %s reach the command exactly once', async (signal) => {
  layCommandLine(`
    let count = 0;
    process.on('${signal}', () => {
      count += 1;
      setTimeout(() => { console.log('signals: ' + count); process.exit(130); }, 300);
    });
    setInterval(() => {}, 1000);
    console.log('ready');
  `);
  const running = startScript(clone, 'roomrush.js', []);
  await running.said('ready');
  running.child.kill(signal);
  const { code, stdout } = await running.ended;
  expect([code, stdout]).toEqual([130, 'ready\nsignals: 1\n']);
});

it('exits with 130 when the command dies of the interruption', async () => {
  layCommandLine(`setInterval(() => {}, 1000); console.log('ready');`);
  const running = startScript(clone, 'roomrush.js', []);
  await running.said('ready');
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
});

it('says which signal ended the command when it was not asked to end', async () => {
  layCommandLine(`process.kill(process.pid, 'SIGKILL');`);
  const { code, stderr } = await startScript(clone, 'roomrush.js', []).ended;
  expect([code, stderr]).toEqual([137, 'roomrush: ended by SIGKILL\n']);
});
