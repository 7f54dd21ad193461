/** A line of the list of a folder of runs: whatever lies there, and what became of it. */

export const KINDS = ['run', 'comparison', 'gate', 'capacity', 'study', 'other'] as const;
export type Kind = (typeof KINDS)[number];

export type Listed = {
  /** `other`: nothing that roomrush knows, or nothing at all. */
  readonly kind: Kind;
  /** From the listed folder, with slashes; `.` for itself. */
  readonly folder: string;
  /** Title of the night; null: not known. */
  readonly night: string | null;
  /** How the server was built, or what was held against what. */
  readonly build: string | null;
  /** Null: not known, or several. */
  readonly seed: number | null;
  readonly scale: number | null;
  /** People who were planned. */
  readonly people: number | null;
  /** ISO 8601. */
  readonly startedAt: string | null;
  /** In words. */
  readonly verdict: string;
  /** Null: it is no verdict. */
  readonly tone: 'pass' | 'fail' | 'void' | null;
  /** Why, or what it says to choose; of a folder that is damaged what is wrong with it. */
  readonly reasons: readonly string[];
  /** Files that belong to a folder of this kind and are not there. */
  readonly missing: readonly string[];
  readonly isDamaged: boolean;
  /** What to open, from the listed folder, with slashes; null: there is nothing. */
  readonly page: string | null;
};

/** A line of which nothing is known but where it lies. */
export const NOTHING_KNOWN = {
  night: null,
  build: null,
  seed: null,
  scale: null,
  people: null,
  startedAt: null,
  tone: null,
  reasons: [],
  missing: [],
  isDamaged: false,
} as const satisfies Partial<Listed>;
