/** Where runs lie: a folder each, never two in the same, named so that a person finds his run again. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { NotReadyError } from '../errors.ts';

/**
 * Makes a new folder `<root>/<time>-<name>`; a run of the same second gets a number behind it.
 *
 * @throws NotReadyError when nothing can be written there.
 */
export function makeRunFolder(
  root: string,
  name: string,
  now: Date,
): { readonly id: string; readonly dir: string } {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  try {
    mkdirSync(root, { recursive: true });
    for (let again = 1; again <= 1000; again++) {
      const id = `${stamp}-${name}${again === 1 ? '' : `-${again}`}`;
      const dir = path.join(root, id);
      try {
        mkdirSync(dir);
        return { id, dir };
      } catch (error) {
        // Two runs in one second: the other one has the name.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    throw new NotReadyError(
      'no-run-folder',
      `cannot write to ${root}: ${(error as Error).message}`,
      'choose another folder with --out',
    );
  }
  throw new NotReadyError(
    'no-run-folder',
    `a thousand runs in one second in ${root}`,
    'choose another folder with --out',
  );
}
