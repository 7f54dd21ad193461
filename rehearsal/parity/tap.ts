/**
 * The packets between the server's media port and its listeners, as `rtcp-tap.c` counts them on loopback: the only place
 * where every driver is seen alike. It needs a compiler and the right to look at packets; without them there are no
 * figures, and the reason stands in their place.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findCompiler, isExecutable } from '../../setup/tools/places.js';

const SOURCE = fileURLToPath(new URL('./rtcp-tap.c', import.meta.url));
const COMPILE_MS_MAX = 60_000;
/** How it ends where the system does not let it look. */
const EXIT_NO_RIGHT = 77;

export const PACKET_CLASSES = ['stun', 'dtls', 'rr', 'rtcp', 'rtp', 'other'] as const;
/** rr: a compound RTCP packet that begins with a receiver report; rtcp: any other. */
export type PacketClass = (typeof PACKET_CLASSES)[number];

/** What was seen so far between the server and one listener's port. */
export type TapCount = {
  readonly port: number;
  /** From the server's point of view. */
  readonly direction: 'in' | 'out';
  readonly kind: PacketClass;
  readonly packets: number;
  /** Of UDP payload. */
  readonly bytes: number;
};

export type Tap = {
  /** Everything since it was opened. @throws Error when the tap has ended. */
  read(): Promise<readonly TapCount[]>;
  close(): void;
};
/** Why there is none. */
export type NoTap = { readonly why: string };

/**
 * Compiles the tap, once for each version of its source.
 *
 * @param folder where the program is kept.
 * @returns its path.
 */
export function compileTap(folder: string): { readonly program: string } | NoTap {
  if (process.platform !== 'linux') return { why: 'not measured: needs Linux' };
  const digest = createHash('sha256').update(process.arch).update(readFileSync(SOURCE)).digest('hex');
  const program = path.join(folder, `rtcp-tap-${digest.slice(0, 16)}`);
  if (isExecutable(program)) return { program };
  const compiler = findCompiler();
  if (compiler === null) return { why: 'not measured: needs a C compiler' };
  mkdirSync(folder, { recursive: true });
  const half = `${program}.${process.pid}`;
  const { status, stderr } = spawnSync(compiler, ['-O2', '-o', half, SOURCE], {
    encoding: 'utf8',
    timeout: COMPILE_MS_MAX,
  });
  if (status !== 0) return { why: `not measured: ${compiler} says ${stderr.trim().split('\n')[0]}` };
  renameSync(half, program);
  return { program };
}

/** Starts to count. @param rtcPort the server's UDP port on loopback. */
export async function openTap(program: string, rtcPort: number): Promise<Tap | NoTap> {
  const child = spawn(program, [String(rtcPort)]);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  // Writing to a tap that has ended: whoever reads hears of the end itself.
  child.stdin.on('error', () => {});
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
  const lines = new Lines(child);
  const first = await Promise.race([lines.next(), ended]);
  if (first === 'ready') {
    return {
      read: () => readCounts(child, lines, ended),
      close: () => child.stdin.end(),
    };
  }
  if (first === EXIT_NO_RIGHT) return { why: 'not measured: needs CAP_NET_RAW' };
  return { why: `not measured: the tap did not start (${complaint.trim() || first})` };
}

async function readCounts(
  child: ChildProcessWithoutNullStreams,
  lines: Lines,
  ended: Promise<number | null>,
): Promise<readonly TapCount[]> {
  child.stdin.write('\n');
  const counts: TapCount[] = [];
  for (;;) {
    const line = await Promise.race([lines.next(), ended]);
    if (typeof line !== 'string') throw new Error(`expected counts of the tap, but it has ended (${line})`);
    if (line === 'end') return counts;
    counts.push(parseCount(line));
  }
}

const LINE = /^(\d{1,5}) (in|out) ([a-z]+) (\d+) (\d+)$/;

function parseCount(line: string): TapCount {
  const [, port, direction, word, packets, bytes] = LINE.exec(line) ?? [];
  const kind = PACKET_CLASSES.find((one) => one === word);
  if (kind === undefined) throw new Error(`expected a line of counts from the tap, got '${line}'`);
  return {
    port: Number(port),
    direction: direction as TapCount['direction'],
    kind,
    packets: Number(packets),
    bytes: Number(bytes),
  };
}

/** Lines of a process, one at a time, whichever comes first: the line or the wish for it. */
class Lines {
  readonly #come: string[] = [];
  readonly #wanted: ((line: string) => void)[] = [];

  constructor(child: ChildProcessWithoutNullStreams) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const wanted = this.#wanted.shift();
      if (wanted === undefined) this.#come.push(line);
      else wanted(line);
    });
  }

  next(): Promise<string> {
    const come = this.#come.shift();
    return come === undefined ? new Promise((resolve) => this.#wanted.push(resolve)) : Promise.resolve(come);
  }
}
