/** What the kernel confessed in a night: as figures of the summary, and in words where it limits the trust in it. */
import { count } from './figures.ts';
import type { Row } from './measures/index.ts';
import type { Summary } from './summary-schema.ts';

type Confessed = Pick<Summary['generator'], 'kernel' | 'clockStepMsMax'>;

/** @param rows of the measure `kernel`. */
export function kernelOf(rows: readonly Row[]): Confessed {
  const ofType = (type: string) => rows.filter((row) => row['type'] === type);
  return {
    kernel: Object.fromEntries(ofType('kernel').map((row) => [String(row['cause']), count(row, 'times')])),
    clockStepMsMax: Math.max(0, ...ofType('clock-step').map((row) => count(row, 'largest'))),
  };
}

const NOTED: Readonly<Record<string, string>> = {
  'TcpExt.ListenOverflows':
    'connections were turned away because the queue of a listening socket was full: the backlog of the server, most likely',
  'TcpExt.TCPAbortOnMemory': 'connections were given up for want of memory for sockets',
};

/** Sentences for the notes of a verdict; each names its counter. */
export function kernelNotes({ kernel, clockStepMsMax }: Confessed): string[] {
  const notes = Object.entries(NOTED).flatMap(([counter, what]) => {
    const times = kernel[counter] ?? 0;
    return times > 0 ? [`${what} (${counter}, ${times} times)`] : [];
  });
  if (clockStepMsMax > 0) {
    notes.push(
      `the wall clock was set by ${clockStepMsMax} ms during the night: figures stand on another clock, dates in the report may be off`,
    );
  }
  return notes;
}
