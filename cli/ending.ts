/** How a command ends: one exit code, and an error that says what was expected, what came and what to do. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { EXIT, type ExitCode, RoomrushError } from '../errors.ts';
import type { Summary } from '../reports/summary.ts';
import { leaveStatusLines } from './status-lines.ts';

/** From the most to the least important, where two apply. */
const PRECEDENCE: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.notReady,
  EXIT.wrongUse,
  EXIT.defect,
  EXIT.void,
  EXIT.failed,
  EXIT.ok,
];

/** No space, and no more of one's share of it. */
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Sets the exit code; the process ends by itself once everything is written and closed. */
export function endWith(code: ExitCode): void {
  const before = (process.exitCode ?? EXIT.ok) as ExitCode;
  process.exitCode = PRECEDENCE.find((one) => one === code || one === before) ?? code;
}

/** Prints an error and ends with its code. An error that is not one of ours is a defect and shows its stack. */
export function failWith(error: unknown): void {
  leaveStatusLines();
  if (error instanceof RoomrushError) {
    process.stderr.write(`roomrush: ${error.message}\n  ${error.hint}\n`);
    endWith(error.exitCode);
    return;
  }
  if (DISK_FULL.has((error as NodeJS.ErrnoException).code ?? '')) {
    process.stderr.write(
      `roomrush: the disk is full: ${(error as Error).message}\n` +
        '  make room (df -h .); what was measured until then is kept: npx roomrush report <run folder>\n',
    );
    endWith(EXIT.notReady);
    return;
  }
  process.stderr.write(`roomrush: a defect: ${error instanceof Error ? error.stack : String(error)}\n`);
  endWith(EXIT.defect);
}

/** Last words: the report as a path, and as a link that a terminal opens. */
export function whereReportIs(dir: string): string {
  const file = path.join(dir, 'report.html');
  return `report: ${file}\n${pathToFileURL(path.resolve(file)).href}\n`;
}

/** The exit code of one run's verdict. */
export function verdictCode(summary: Summary): ExitCode {
  return { pass: EXIT.ok, fail: EXIT.failed, void: EXIT.void }[summary.verdict.result];
}

/**
 * Aborts on the first Ctrl-C (or SIGTERM), so that what was measured is still written; a second one ends the
 * process at once.
 */
export function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    leaveStatusLines();
    process.stderr.write('\nstopping; what was measured is being written (Ctrl-C again ends at once)\n');
    endWith(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}
