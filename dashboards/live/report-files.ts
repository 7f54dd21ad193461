/** The report and its pictures, as they may be had over HTTP: these files of one folder, and nothing else of the machine. */
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.png': 'image/png' };
/** The report itself, and a picture of this run or of one of a comparison's. */
const NAMES = /^(?:report\.html|(?:[\w.=-]+\/)?screens\/[\w.-]+\.png)$/;

export type ReportFile = { readonly type: string; readonly body: Buffer };

/**
 * @param dir the folder of a run or a comparison.
 * @param name from that folder, as it stands in an address; empty: the report.
 * @returns null: it is none of these files, or is not there.
 */
export async function readReportFile(dir: string, name: string): Promise<ReportFile | null> {
  const wanted = decoded(name === '' ? 'report.html' : name);
  if (wanted === null || !NAMES.test(wanted) || wanted.split('/').includes('..')) return null;
  try {
    const [root, file] = await Promise.all([realpath(dir), realpath(path.join(dir, wanted))]);
    // A link may lead out of the folder.
    if (!file.startsWith(`${root}${path.sep}`)) return null;
    return { type: TYPES[path.extname(wanted)]!, body: await readFile(file) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null;
    throw error;
  }
}

function decoded(name: string): string | null {
  try {
    return decodeURIComponent(name);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
