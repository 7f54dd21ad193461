/** k6 as a tool that a run may need: got when the first run asks for it, and named with its version in the record. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { EXIT, NotReadyError } from '../errors.ts';
import { readSetup } from '../setup/paths.ts';
import { interruption } from './processes.ts';

const BOOTSTRAP = fileURLToPath(new URL('../setup/bootstrap.js', import.meta.url));
const ANSWER_AT_MOST_MS = 20_000;

/**
 * Makes sure that setup has found a k6: looks for one, downloads or builds it, and says how far it is on stderr.
 *
 * @throws NotReadyError with what to do when there is none to be had.
 */
export async function ensureK6(stop: AbortSignal): Promise<void> {
  if (readSetup().k6 !== null) return;
  const child = spawn(process.execPath, [BOOTSTRAP, 'k6'], { stdio: ['ignore', 'inherit', 'inherit'] });
  const onStop = () => void child.kill('SIGINT');
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) onStop();
  const [code] = (await once(child, 'exit')) as [number | null];
  stop.removeEventListener('abort', onStop);
  if (stop.aborted) throw interruption();
  if (code === EXIT.ok && readSetup().k6 !== null) return;
  throw new NotReadyError(
    'no-k6',
    'this run needs k6, and none was found, downloaded or built',
    'mend what is said above, then: node setup/bootstrap.js k6',
  );
}

/** @throws Error when it does not run. */
export function k6Version(program: string): string {
  const said = execFileSync(program, ['version'], { encoding: 'utf8', timeout: ANSWER_AT_MOST_MS });
  return /v(\d\S*)/.exec(said)?.[1] ?? said.trim();
}
