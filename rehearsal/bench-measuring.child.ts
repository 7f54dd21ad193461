/** Measures the run whose folder it is given and tells what that took: in a process of its own, so that its memory is that alone. */
import { performance } from 'node:perf_hooks';
import { measure } from '../reports/measures/index.ts';
import { askOracles } from '../reports/oracles/index.ts';
import { openRun } from '../reports/store/open-run.ts';
import type { MeasuringCosts } from './bench-measuring.ts';

const [, , runDir, pack] = process.argv;
const laps: number[] = [performance.now()];
const lap = () => laps.push(performance.now());
const before = process.cpuUsage();
const run = await openRun(runDir!);
lap();
await measure(run);
lap();
await askOracles(run);
lap();
const { user, system } = process.cpuUsage(before);
const [openMs, measureMs, checkMs] = laps.slice(1).map((ms, nth) => ms - laps[nth]!);
const costs: MeasuringCosts = {
  openMs: openMs!,
  measureMs: measureMs!,
  checkMs: checkMs!,
  cpuMs: (user + system) / 1000,
  rssBytesMax: process.resourceUsage().maxRSS * 1024,
};
if (pack === 'pack') await run.toParquet();
run.close();
process.send!(costs);
process.disconnect();
