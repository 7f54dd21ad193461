/** What the gate asks of git: which commit a name means, what state this tree is in, and a tree of its own for another commit. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { NotReadyError, nearestNames, UsageError } from '../../errors.ts';

const HISTORY_HINT =
  'this clone is shallow: git fetch --unshallow, or in GitHub Actions give actions/checkout fetch-depth: 0';

/** A tree as it lies there; nulls: it is under no git. */
export type TreeState = {
  readonly branch: string | null;
  readonly commit: string | null;
  readonly dirty: boolean | null;
  /** Of the commit and all changes that are in none. */
  readonly digest: string | null;
};

/** The state of the tree at `dir`. */
export function treeState(dir: string): TreeState {
  const commit = tryGit(dir, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (commit === null) return { branch: null, commit: null, dirty: null, digest: null };
  const changes = git(dir, ['status', '--porcelain']);
  const digest = createHash('sha256').update(commit).update(changes);
  if (changes !== '') digest.update(git(dir, ['diff', 'HEAD', '--binary']));
  const branch = git(dir, ['rev-parse', '--abbrev-ref', 'HEAD']);
  return { branch, commit, dirty: changes !== '', digest: digest.digest('hex') };
}

/**
 * The commit that a name means in the repository at `dir`.
 *
 * @throws NotReadyError without git; UsageError where there is no repository, or no such commit, with the nearest names.
 */
export function resolveRef(dir: string, ref: string): string {
  if (tryGit(dir, ['rev-parse', '--git-dir']) === null) {
    throw new UsageError(
      'no-repository',
      `expected a git repository for --base ${ref}, and ${dir} is in none`,
      'clone with git, or compare with a stored baseline or a --base-cmd',
    );
  }
  const commit = tryGit(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (commit !== null) return commit;
  const isShallow = git(dir, ['rev-parse', '--is-shallow-repository']) === 'true';
  const known = git(dir, ['for-each-ref', '--format=%(refname:short)']).split('\n').filter(Boolean);
  const near = nearestNames(ref, known);
  throw new UsageError(
    'unknown-ref',
    `expected a commit, branch or tag for --base, and git knows no '${ref}'`,
    isShallow
      ? HISTORY_HINT
      : near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : 'git log and git branch -a say what there is',
  );
}

/** Lays a commit out in a folder of its own, on no branch. */
export function addWorktree(repo: string, dir: string, commit: string): void {
  git(repo, ['worktree', 'prune']);
  git(repo, ['worktree', 'add', '--force', '--detach', '--quiet', dir, commit]);
}

/** Takes that folder away, whatever was changed in it. */
export function removeWorktree(repo: string, dir: string): void {
  git(repo, ['worktree', 'remove', '--force', '--force', dir]);
}

/** Null: git says no. */
function tryGit(dir: string, args: readonly string[]): string | null {
  const { status, stdout, error } = spawnSync('git', ['-C', dir, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') {
    throw new NotReadyError('no-git', 'expected git on PATH, and there is none', 'install git');
  }
  return status === 0 ? stdout.trimEnd() : null;
}

function git(dir: string, args: readonly string[]): string {
  const said = tryGit(dir, args);
  if (said !== null) return said;
  throw new NotReadyError(
    'git-failed',
    `git ${args.join(' ')} failed in ${dir}`,
    `try it by hand: git -C ${dir} ${args.join(' ')}`,
  );
}
