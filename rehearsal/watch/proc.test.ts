import { expect, test } from 'vitest';
import { readProcess, readThreadsCpuMs } from './proc.ts';

test.skipIf(process.platform !== 'linux' || readThreadsCpuMs(process.pid) === null)(
  'CPU of the threads is what the process used, finer than the steps of the other reading',
  () => {
    const { user, system } = process.cpuUsage();
    const before = readThreadsCpuMs(process.pid)!;
    const usedMs = () => {
      const since = process.cpuUsage({ user, system });
      return (since.user + since.system) / 1000;
    };
    while (usedMs() < 100);
    const grown = readThreadsCpuMs(process.pid)! - before;
    // The running thread's time is brought up to date at the scheduler's tick, 10 ms at most.
    expect(grown).toBeGreaterThan(85);
    expect(grown).toBeLessThan(usedMs() + 15);
    expect(readProcess(process.pid)!.cpuMs % 10).toBe(0);
  },
);

test.skipIf(process.platform !== 'linux')('a process that is gone has no figures', () => {
  // Above the largest id that the kernel gives.
  expect(readThreadsCpuMs(2 ** 22 + 1)).toBeNull();
  expect(readProcess(2 ** 22 + 1)).toBeNull();
});
