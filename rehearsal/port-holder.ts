/** Who holds a TCP port: looked up in /proc, so that a message can name the process to end. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { NotReadyError } from '../errors.ts';

const LISTEN = '0A';

/**
 * What to say of a port that could not be bound.
 *
 * @param port the one that was asked for; null: several were tried.
 * @returns any other error as it is.
 */
export function portError(error: NodeJS.ErrnoException, port: number | null, hint: string): Error {
  if (port === null || (error.code !== 'EADDRINUSE' && error.code !== 'EACCES')) return error;
  if (error.code === 'EADDRINUSE') return portTaken(port, () => hint);
  return new NotReadyError('port-in-use', `port ${port} may not be bound by this user`, hint);
}

/** @param hint what to do about a holder; null: it cannot be found. */
export function portTaken(port: number, hint: (holder: PortHolder | null) => string): NotReadyError {
  const holder = holderOfPort(port);
  const by = holder === null ? '' : ` by process ${holder.pid} (${holder.command})`;
  return new NotReadyError('port-in-use', `port ${port} is taken${by}`, hint(holder));
}

type PortHolder = { readonly pid: number; readonly command: string };

/** The process that listens on `port`, or null when it cannot be found (another user's, or not Linux). */
function holderOfPort(port: number): PortHolder | null {
  if (process.platform !== 'linux') return null;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const local = fields[1]?.split(':')[1];
      if (local !== undefined && Number.parseInt(local, 16) === port && fields[3] === LISTEN)
        inodes.add(fields[9]!);
    }
  }
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        const socket = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`));
        if (socket !== null && inodes.has(socket[1]!)) {
          return { pid: Number(pid), command: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() };
        }
      }
    } catch (error) {
      // The process ended while we looked, or is another user's.
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'EPERM' && code !== 'ESRCH') throw error;
    }
  }
  return null;
}
