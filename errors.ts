/**
 * The project's errors. Each carries a code, a message that says what was expected and what came, a hint that
 * says what to do, and the exit code that the command line ends with.
 */

/** Exit codes of the command line. Where two apply: 130, 5, 2, 1, 4, 3, 0. */
export const EXIT = {
  ok: 0,
  defect: 1,
  wrongUse: 2,
  failed: 3,
  void: 4,
  notReady: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export class RoomrushError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, hint: string, exitCode: ExitCode = EXIT.defect) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** Something was asked for that does not exist or makes no sense: exit code 2. */
export class UsageError extends RoomrushError {
  constructor(code: string, message: string, hint: string) {
    super(code, message, hint, EXIT.wrongUse);
  }
}

/** The machine lacks a tool, a limit or space: exit code 5, and the hint is the command that mends it. */
export class NotReadyError extends RoomrushError {
  constructor(code: string, message: string, hint: string) {
    super(code, message, hint, EXIT.notReady);
  }
}

/** Lists every problem that a zod schema found, each with its path. */
export function listIssues(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  return issues
    .map((issue) => `  ${issue.path.map(String).join('.') || '(whole)'}: ${issue.message}`)
    .join('\n');
}

/** The names that are nearest to a mistyped one, by edit distance; at most three, none when all are far. */
export function nearestNames(wrong: string, names: readonly string[]): string[] {
  const limit = Math.max(2, Math.floor(wrong.length / 3));
  return names
    .map((name) => ({ name, distance: editDistance(wrong, name) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein distance: insertions, deletions and replacements of one letter (Wagner and Fischer, 1974). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(previous[column]! + 1, current[column - 1]! + 1, replaced));
    }
    previous = current;
  }
  return previous[b.length]!;
}
