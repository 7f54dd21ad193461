import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { CLONE_DIR, readIfThere } from '../tools/places.js';
import type { DoctorRow } from './row.ts';

/** What the machine allows: cores, memory, files, ports, disk. */

const GIB = 1024 ** 3;
const CORES_MIN = 2;
const MEMORY_AVAILABLE_BYTES_MIN = 2 * GIB;
/** What the default night opens: its listeners on both sides, and room to spare. */
const OPEN_FILES_MIN = 12_000;
const EPHEMERAL_PORTS_MIN = 28_000;
const SOMAXCONN_MIN = 4_096;
const DISK_BYTES_MIN = 200 * 1024 ** 2;
const DISK_BYTES_COMFORTABLE = 2 * GIB;
/** Clock sources whose reading takes a system call of a microsecond or more, which every event would pay. */
const SLOW_CLOCKS = ['hpet', 'acpi_pm', 'jiffies', 'pit'];

type Limit = {
  readonly name: string;
  readonly found: string | null;
  readonly isEnough: boolean;
  readonly shortfall: DoctorRow['status'];
  readonly detail: string;
  readonly mend: string;
};

function limitRow({ name, found, isEnough, shortfall, detail, mend }: Limit): DoctorRow {
  if (found === null) {
    const unread = `cannot be read on ${process.platform}; verdicts rest on less`;
    return { name, found, version: null, status: 'warning', detail: unread, mend: null };
  }
  const status = isEnough ? 'ok' : shortfall;
  return { name, found, version: null, status, detail, mend: isEnough ? null : mend };
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/** The kernel's number in a file under /proc/sys, null where there is none. */
function kernelNumbers(path: string): number[] | null {
  const text = readIfThere(path);
  return text === null ? null : text.trim().split(/\s+/).map(Number);
}

function coresRow(): DoctorRow {
  const cores = availableParallelism();
  return limitRow({
    name: 'cores',
    found: String(cores),
    isEnough: cores >= CORES_MIN,
    shortfall: 'warning',
    detail: `${cores} for this process; server and crowd want one each`,
    mend: `Give the machine ${CORES_MIN} cores; on fewer the crowd and the server slow each other and runs are void.`,
  });
}

function memoryRow(): DoctorRow {
  const availableKib = /^MemAvailable:\s+(\d+) kB$/m.exec(readIfThere('/proc/meminfo') ?? '')?.[1];
  const available = availableKib === undefined ? freemem() : Number(availableKib) * 1024;
  return limitRow({
    name: 'memory',
    found: gib(available),
    isEnough: available >= MEMORY_AVAILABLE_BYTES_MIN,
    shortfall: 'warning',
    detail: `${gib(available)} available of ${gib(totalmem())}`,
    mend: `End other programs until ${gib(MEMORY_AVAILABLE_BYTES_MIN)} are available, or run with a smaller --scale.`,
  });
}

/**
 * Reads the open-file limits from the text of /proc/<pid>/limits.
 * @returns soft and hard limit, `Infinity` for unlimited; null when the line is not there
 */
export function openFileLimits(text: string): { readonly soft: number; readonly hard: number } | null {
  const match = /^Max open files\s+(\S+)\s+(\S+)/m.exec(text);
  if (!match) return null;
  const value = (word: string | undefined) =>
    word === 'unlimited' ? Number.POSITIVE_INFINITY : Number(word);
  return { soft: value(match[1]), hard: value(match[2]) };
}

function openFilesRow(): DoctorRow {
  const limits = openFileLimits(readIfThere('/proc/self/limits') ?? '');
  const canBeRaised = limits !== null && limits.hard >= OPEN_FILES_MIN;
  return limitRow({
    name: 'open files',
    found: limits && String(limits.soft),
    isEnough: limits !== null && limits.soft >= OPEN_FILES_MIN,
    shortfall: canBeRaised ? 'warning' : 'missing',
    detail: `${limits?.soft} now, ${limits?.hard} at most; the default night needs ${OPEN_FILES_MIN}`,
    mend: canBeRaised
      ? `ulimit -n ${OPEN_FILES_MIN}`
      : `As root: raise nofile to ${OPEN_FILES_MIN} in /etc/security/limits.conf and log in again (in a container: --ulimit nofile=${OPEN_FILES_MIN}), or run with a smaller --scale.`,
  });
}

function portsRow(): DoctorRow {
  const [first = 0, last = 0] = kernelNumbers('/proc/sys/net/ipv4/ip_local_port_range') ?? [];
  const count = last === 0 ? 0 : last - first + 1;
  return limitRow({
    name: 'ephemeral ports',
    found: last === 0 ? null : `${first}-${last}`,
    isEnough: count >= EPHEMERAL_PORTS_MIN,
    shortfall: 'warning',
    detail: `${count} for each pair of addresses, from ${first} to ${last}`,
    mend: 'sysctl -w net.ipv4.ip_local_port_range="32768 60999"',
  });
}

function backlogRow(): DoctorRow {
  const [backlog = null] = kernelNumbers('/proc/sys/net/core/somaxconn') ?? [];
  return limitRow({
    name: 'somaxconn',
    found: backlog === null ? null : String(backlog),
    isEnough: backlog !== null && backlog >= SOMAXCONN_MIN,
    shortfall: 'warning',
    detail: `${backlog} connections may wait to be accepted; a scenario's backlog is cut to this`,
    mend: `sysctl -w net.core.somaxconn=${SOMAXCONN_MIN}`,
  });
}

function diskRow(): DoctorRow {
  const runsDir = join(CLONE_DIR, 'runs');
  const { bavail, bsize } = statfsSync(existsSync(runsDir) ? runsDir : dirname(runsDir));
  const free = bavail * bsize;
  return limitRow({
    name: 'disk',
    found: gib(free),
    isEnough: free >= DISK_BYTES_COMFORTABLE,
    shortfall: free < DISK_BYTES_MIN ? 'missing' : 'warning',
    detail: `${gib(free)} free for runs/`,
    mend: 'Free some space, e.g. remove old folders in runs/.',
  });
}

function clockRow(): DoctorRow {
  const clock =
    readIfThere('/sys/devices/system/clocksource/clocksource0/current_clocksource')?.trim() ?? null;
  return limitRow({
    name: 'clock source',
    found: clock,
    isEnough: clock !== null && !SLOW_CLOCKS.includes(clock),
    shortfall: 'warning',
    detail: `${clock}`,
    mend: 'Choose a faster one in /sys/devices/system/clocksource/clocksource0, where the machine has one.',
  });
}

export function examineLimits(): DoctorRow[] {
  return [coresRow(), memoryRow(), openFilesRow(), portsRow(), backlogRow(), diskRow(), clockRow()];
}
