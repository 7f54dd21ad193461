/** Faults that a run injects for real, at an instant of the night: processes are killed, connections are cut. */
import { UsageError } from '../errors.ts';

export type Fault =
  /** This share of the seated connections is cut by the swarm, without a word. */
  | { readonly kind: 'cut'; readonly atMs: number; readonly share: number }
  /** SIGKILL for the media worker. */
  | { readonly kind: 'kill-worker'; readonly atMs: number }
  /** SIGKILL for the server and its worker. */
  | { readonly kind: 'kill-server'; readonly atMs: number };

const EXAMPLE = '--fault cut=0.05@50s, --fault kill-worker@60s or --fault kill-server@45s';

/**
 * Reads one `--fault`: `cut=SHARE@TIME`, `kill-worker@TIME` or `kill-server@TIME`, TIME from the night's start
 * in s or ms.
 *
 * @throws UsageError with what was expected.
 */
export function parseFault(text: string): Fault {
  const match = /^(cut|kill-worker|kill-server)(?:=([\d.]+))?@([\d.]+)(ms|s)$/.exec(text);
  if (match === null)
    throw new UsageError('bad-fault', `expected kind[=share]@time, got '${text}'`, `for example ${EXAMPLE}`);
  const [, kind, shareText, timeText, unit] = match;
  const atMs = Number(timeText) * (unit === 's' ? 1000 : 1);
  if (!Number.isFinite(atMs))
    throw new UsageError('bad-fault', `'${timeText}' is no time`, `for example ${EXAMPLE}`);
  if (kind === 'cut') {
    const share = Number(shareText);
    if (!(share > 0 && share <= 1)) {
      throw new UsageError(
        'bad-fault',
        `cut wants a share over 0 and up to 1, got '${shareText ?? 'nothing'}'`,
        `for example ${EXAMPLE}`,
      );
    }
    return { kind, atMs, share };
  }
  if (shareText !== undefined)
    throw new UsageError('bad-fault', `${kind} takes no share, got '${shareText}'`, `for example ${EXAMPLE}`);
  return { kind: kind as 'kill-worker' | 'kill-server', atMs };
}
