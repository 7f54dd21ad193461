/** Where a command's words go: the machine's to stdout, people's beside them, and with --quiet to nobody. */
import { Writable } from 'node:stream';

/** A terminal, a file, a pipe or nowhere. */
export type Screen = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** Of a terminal, as wide as it is now. */
  readonly columns?: number;
};

export type Outputs = {
  /** What goes on, and where things are. */
  readonly people: Screen;
  /** The verdict, which --quiet leaves. */
  readonly verdict: Screen;
};

/** What `--quiet` does, for the help of each command that has it. */
export const QUIET = ['-q, --quiet', 'nothing but the verdict and errors'] as const;

/** With --json stdout is the machine's: what people read goes to stderr. */
export function outputsOf(flags: { readonly json?: boolean; readonly quiet?: boolean }): Outputs {
  const verdict = flags.json ? process.stderr : process.stdout;
  return { verdict, people: flags.quiet ? nowhere() : verdict };
}

function nowhere(): Screen {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** A reader that has gone, and a terminal that was closed. */
const GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'EIO']);

/**
 * Whoever reads along may stop, as `head` does; the night goes on without them, is measured, and ends with its own
 * exit code.
 */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!GONE.has(error.code ?? '')) throw error;
    });
  }
}
