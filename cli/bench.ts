/** `npm run bench`: what things cost on this machine, in one table. */
import { runBench } from '../rehearsal/bench.ts';
import { describeMachine } from '../rehearsal/machine.ts';
import { failWith, stopOnInterrupt } from './ending.ts';

try {
  const rows = await runBench(stopOnInterrupt(), (text) => process.stderr.write(`bench: ${text}\n`));
  const { cpuModel, cores, kernel } = describeMachine();
  process.stdout.write(
    `${cpuModel}, ${cores} cores, ${kernel}, ${new Date().toISOString().slice(0, 10)}\n\n`,
  );
  const width = Math.max(...rows.map((row) => row.what.length)) + 2;
  for (const { what, value } of rows) process.stdout.write(`${what.padEnd(width)}${value.padStart(12)}\n`);
} catch (error) {
  failWith(error);
}
