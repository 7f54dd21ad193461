/** Lists a folder of runs and writes `index.html` into it. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NotReadyError } from '../../errors.ts';
import { renderIndex } from '../render/index-page.ts';
import { type Listing, listFolder } from './list-folder.ts';

/**
 * @returns what lies in the folder, and where the page about it is.
 * @throws UsageError when the folder cannot be read, NotReadyError when nothing can be written into it.
 */
export function writeIndex(root: string): { readonly listing: Listing; readonly file: string } {
  const listing = listFolder(root);
  const file = path.join(root, 'index.html');
  const part = `${file}.part`;
  try {
    writeFileSync(part, renderIndex(listing));
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw new NotReadyError(
      'no-index',
      `cannot write ${file}: ${(error as Error).message}`,
      `make room there and allow writing; the list alone: roomrush report --list ${root} --json`,
    );
  }
  return { listing, file };
}
