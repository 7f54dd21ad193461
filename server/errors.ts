/** Why a server cannot start or go on, for people and for the process that started it. */
export type ServerErrorCode = 'CONFIG_INVALID' | 'EADDRINUSE' | 'LISTEN_FAILED' | 'MEDIA_FAILED' | 'RUN_DIR';

const EXIT_CODES: Record<ServerErrorCode, number> = {
  CONFIG_INVALID: 2,
  EADDRINUSE: 5,
  LISTEN_FAILED: 5,
  MEDIA_FAILED: 5,
  RUN_DIR: 5,
};

export class ServerError extends Error {
  readonly code: ServerErrorCode;
  /** What to do about it. */
  readonly hint: string;

  constructor(code: ServerErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
    this.hint = hint;
  }

  /** Exit code of a process that ends because of this. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** The `code` of a Node error (EADDRINUSE, ENOENT, ...), or undefined. */
export function nodeCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
