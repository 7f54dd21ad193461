/** Why a server cannot start or go on, for people and for the process that started it. */
import { EXIT, type ExitCode, RoomrushError } from '../errors.ts';

export type ServerErrorCode =
  | 'CONFIG_INVALID'
  | 'EADDRINUSE'
  | 'LISTEN_FAILED'
  | 'MEDIA_FAILED'
  | 'PAGE_FAILED'
  | 'RUN_DIR';

const EXIT_CODES: Record<ServerErrorCode, ExitCode> = {
  CONFIG_INVALID: EXIT.wrongUse,
  EADDRINUSE: EXIT.notReady,
  LISTEN_FAILED: EXIT.notReady,
  MEDIA_FAILED: EXIT.notReady,
  PAGE_FAILED: EXIT.notReady,
  RUN_DIR: EXIT.notReady,
};

export class ServerError extends RoomrushError {
  constructor(code: ServerErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(code, message, hint, EXIT_CODES[code]);
    // RoomrushError has no cause of its own: only the server's errors wrap others.
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}

/** The `code` of a Node error (EADDRINUSE, ENOENT, ...), or undefined. */
export function nodeCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
