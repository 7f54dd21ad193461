/** `roomrush doctor`: what is there, which version, and what to do about each gap. */
import { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { examineMachine, machineIsReady } from '../setup/doctor.ts';
import { endWith } from './ending.ts';

const MARK = { ok: 'ok', warning: '!', missing: 'MISSING' } as const;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('What this machine has and lacks for a night, and the command that mends each gap.')
    .option('--json', 'as JSON')
    .action(async (flags: { readonly json?: boolean }) => {
      const rows = await examineMachine();
      if (flags.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      else {
        const width = Math.max(...rows.map((row) => row.name.length)) + 2;
        for (const row of rows) {
          process.stdout.write(
            `${MARK[row.status].padEnd(9)}${row.name.padEnd(width)}${[row.version, row.detail].filter(Boolean).join('  ')}\n`,
          );
          if (row.mend !== null && row.status !== 'ok')
            process.stdout.write(`${' '.repeat(9)}${' '.repeat(width)}-> ${row.mend}\n`);
        }
      }
      endWith(machineIsReady(rows) ? EXIT.ok : EXIT.notReady);
    });
}
