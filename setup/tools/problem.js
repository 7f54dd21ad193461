/** The exit codes that setup uses, from the command line's table. */
export const EXIT = Object.freeze({ ok: 0, defect: 1, usage: 2, notReady: 5, interrupted: 130 });

/** Something a person can mend: what was expected, what came instead, and what to do about it. */
export class SetupProblem extends Error {
  /**
   * @param {string} code a stable name for the kind of problem, for machines
   * @param {string} message what was expected and what came
   * @param {string} hint what to do: a command where there is one
   * @param {number} [exitCode]
   */
  constructor(code, message, hint, exitCode = EXIT.notReady) {
    super(message);
    this.name = 'SetupProblem';
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** Ctrl-C or a termination request; unwinds through every `finally` so that locks are let go. */
export class Interrupted extends Error {
  constructor() {
    super('Setup was interrupted; run it again to go on.');
    this.name = 'Interrupted';
  }
}

/**
 * @param {unknown} error
 * @returns {string | null} the operating system's code (`ENOENT`, ...), null when it carries none
 */
export function systemCode(error) {
  const code = error instanceof Error ? /** @type {NodeJS.ErrnoException} */ (error).code : undefined;
  return typeof code === 'string' ? code : null;
}
