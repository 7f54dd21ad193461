/**
 * Each rule that makes a run void, provoked for real in a real night: the crowd's process is stopped, its core is taken, it
 * has no files or ports left, its packets are dropped, the disk is full, a side of the log is gone. The verdict must name
 * what was done to it; on a busy machine it may name more. Where a rule ends exactly is verdict.test.ts's business.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { processesOf } from '../cli/testing/command.ts';
import { type Observation, playNight } from '../rehearsal/night.ts';
import { prepareNight } from '../rehearsal/prepare.ts';
import { recordOf } from '../rehearsal/run.ts';
import { summarise } from '../reports/index.ts';
import { type Summary, summarySchema } from '../reports/summary.ts';
import { smallNight } from '../reports/testing/hand-log.ts';
import type { BodyShares, ScenarioInput } from '../scenarios/schema.ts';

const linux = process.platform === 'linux';
const canPin = linux && os.availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;
const dirs: string[] = [];
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

/** Ten inside, a hundred and fifty more in four, seats for all. */
function night(changes: Partial<ScenarioInput> = {}, body: keyof BodyShares = 'signal') {
  const shares = { signal: 0, [body]: 1 };
  return smallNight({
    rooms: { main: { room: 'main', title: 'A room', seats: 500 }, overflow: { seats: 1, roomsMax: 0 } },
    phases: { rampMs: 200, baselineMs: 1_000, surgeMs: 4_200, tailMs: 800, leavingMs: 200 },
    moments: [
      { id: 'doors', afterSurgeStartMs: 0, title: 'Doors open' },
      { id: 'mend', afterSurgeStartMs: 1_500, title: 'It is mended' },
    ],
    incumbents: { count: 10, model: { kind: 'even' } },
    waves: [{ id: 'all', moment: 'doors', count: 150, overMs: 4_200, model: { kind: 'even' } }],
    bodies: { incumbents: shares, arrivals: shares },
    ...changes,
  });
}

type Provoked = { readonly summary: Summary };
type Provocation = (title: string, runDir: string) => void;

/** Plays it, does something to it at each of its moments, and measures it. */
async function provoke(...how: Parameters<typeof play>): Promise<Provoked> {
  return { summary: await summarise(await play(...how)) };
}

/** @returns the run's folder. */
async function play(
  scenario: ReturnType<typeof night>,
  at: Provocation,
  under = os.tmpdir(),
  stop = new AbortController().signal,
): Promise<string> {
  const runDir = mkdtempSync(path.join(under, 'roomrush-void-'));
  dirs.push(runDir);
  const prepared = prepareNight({
    ...{ scenario, seed: 3, scale: 1, timeScale: 1, profile: 'guarded', features: [] },
    ...{ bodies: null, target: null, port: 0, faults: [] },
  });
  const observe = (seen: Observation) => {
    if (seen.type === 'moment') at(seen.title, runDir);
  };
  await playNight(prepared, recordOf(prepared, 'void', null), runDir, observe, stop);
  return runDir;
}

/** The process of a run whose command line has this in it. */
function pidOf(runDir: string, part: string): number {
  const found = processesOf(runDir).find(({ command }) => command.includes(part));
  if (found === undefined) throw new Error(`no process of ${runDir} with ${part}`);
  return found.pid;
}

/** Stops a process from the doors on until it is mended. */
const stopped =
  (part: string): Provocation =>
  (title, runDir) =>
    void process.kill(pidOf(runDir, part), title === 'Doors open' ? 'SIGSTOP' : 'SIGCONT');

function expectVoid({ summary: { verdict } }: Provoked, reason: RegExp): void {
  expect(verdict.result).toBe('void');
  expect(verdict.reasons).toContainEqual(expect.stringMatching(reason));
}

/** A program that is none of ours and wants all of a core. */
function takeCore(core: number): void {
  const hog = spawn('taskset', ['-c', String(core), process.execPath, '-e', 'for (;;);'], {
    stdio: 'ignore',
  });
  onTestFinished(() => void hog.kill('SIGKILL'));
}

test.skipIf(!linux)('slip: the crowd stood still while people were to arrive', async () => {
  expectVoid(await provoke(night(), stopped('swarm-signal.json')), /^arrivals were late: slip p99 [\d.]+ ms/);
});

test.skipIf(!canPin)('busy cores: others take those of the crowd and of the server', async () => {
  takeCore(0);
  takeCore(1);
  const provoked = await provoke(night(), () => {});
  expectVoid(provoked, /^the swarm's core was over 90 % busy for [3-9] s of the surge/);
  expectVoid(provoked, /^other programs took [\d.]+ % of the swarm's core over the surge, more than 30 %$/);
  expectVoid(provoked, /^other programs took [\d.]+ % of the server's core over the surge, more than 30 %$/);
});

test.skipIf(spawnSync('prlimit', ['--version']).status !== 0)(
  'EMFILE: the crowd may open no more files',
  async () => {
    const provoked = await provoke(night(), (title, runDir) => {
      if (title !== 'Doors open') return;
      const pid = String(pidOf(runDir, 'swarm-signal.json'));
      expect(spawnSync('prlimit', ['--pid', pid, '--nofile=60:60']).status).toBe(0);
    });
    expectVoid(provoked, /^the swarm ran out of open files \(EMFILE, \d+ times\)$/);
  },
);

/** Four ports for each of the crowd's addresses: room for 128 connections. */
const FEW_PORTS = 'ip link set lo up && echo 40000 40003 > /proc/sys/net/ipv4/ip_local_port_range';
const inNewNetwork = (command: string) => ['-rn', 'sh', '-c', `${FEW_PORTS} && ${command}`];
/** Needs the right to a network of one's own: root, or user namespaces. */
const canHaveNetwork = linux && spawnSync('unshare', inNewNetwork('true')).status === 0;

// The kernel calls it EADDRINUSE where the address to dial from is given, as here, and EADDRNOTAVAIL elsewhere.
test.skipIf(!canHaveNetwork)('no ports: the crowd has no more ports to dial from', async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-void-'));
  dirs.push(dir);
  const file = path.join(dir, 'night.json');
  writeFileSync(file, JSON.stringify(night()));
  const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
  const run = `exec '${process.execPath}' '${main}' run '${file}' --no-preflight --json --out '${dir}'`;
  const child = spawn('unshare', inNewNetwork(run), { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = await once(child, 'close');
  const summary = summarySchema.parse(JSON.parse(text));
  expectVoid({ summary }, /^the swarm ran out of local ports \(EADDRINUSE, \d+ times\)$/);
  expect(code).toBe(4);
});

/** A UDP port on which this process listens. */
function udpPortOf(pid: number): number {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)));
  const line = readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .map((text) => text.trim().split(/\s+/))
    .find((columns) => own.has(`socket:[${columns[9]}]`));
  return Number.parseInt(line![1]!.split(':')[1]!, 16);
}

/** More than a buffer of 8 MB takes, at the 2.3 kB that the kernel reckons for each of these. */
const FLOOD = { datagrams: 12_000, bytes: 1_200 };

async function floodUdp(port: number): Promise<void> {
  const socket = createSocket('udp4');
  const payload = Buffer.alloc(FLOOD.bytes);
  for (let nth = 0; nth < FLOOD.datagrams; nth++)
    await new Promise((resolve) => socket.send(payload, port, '127.0.0.1', resolve));
  socket.close();
}

test.skipIf(!linux)('UDP drops: what arrived was not read in time', async () => {
  const rtp = night(
    { waves: [{ id: 'all', moment: 'doors', count: 20, overMs: 4_200, model: { kind: 'even' } }] },
    'rtp',
  );
  let flooded = Promise.resolve();
  const provoked = await provoke(rtp, (title, runDir) => {
    if (title !== 'Doors open') return;
    const sink = pidOf(runDir, 'rtp-sink');
    process.kill(sink, 'SIGSTOP');
    flooded = floodUdp(udpPortOf(sink)).finally(() => process.kill(sink, 'SIGCONT'));
  });
  await flooded;
  expectVoid(provoked, /^the swarm dropped packets that had arrived .*\(udp-drop, \d+ times\)$/);
});

/** A small disk of its own, which only root may mount. */
function smallDisk(): string | null {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', dir]).status === 0) return dir;
  rmSync(dir, { recursive: true });
  return null;
}

test.skipIf(!linux || process.getuid?.() !== 0)('ENOSPC: the disk was full for a while', async ({ skip }) => {
  const disk = smallDisk();
  if (disk === null) {
    skip('this machine does not let root mount a tmpfs');
    return;
  }
  onTestFinished(() => {
    spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  const ballast = path.join(disk, 'ballast');
  const provoked = await provoke(
    night(),
    (title) => {
      if (title === 'Doors open') fill(ballast);
      else rmSync(ballast);
    },
    disk,
  );
  expectVoid(provoked, /^the disk was full, and the event log has a hole \(ENOSPC, \d+ times\)$/);
});

/** Appends until there is no space left. */
function fill(file: string): void {
  for (const bytes of [65_536, 4_096]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

describe('partial', () => {
  test('stopped by somebody', async () => {
    const stop = new AbortController();
    const provoked = await provoke(night(), () => stop.abort(), os.tmpdir(), stop.signal);
    expectVoid(provoked, /^the run is partial: it was interrupted \(stopped\)$/);
  });

  test.skipIf(!linux)(
    'the crowd is killed; and what is left of it without the rows of a process',
    async () => {
      const killed = await play(night(), (_, runDir) =>
        process.kill(pidOf(runDir, 'swarm-signal.json'), 'SIGKILL'),
      );
      const segments = readdirSync(path.join(killed, 'events')).toSorted();
      const of = (name: string) => segments.filter((segment) => segment.startsWith(`${name}-`));
      const without = async (lost: readonly string[]): Promise<Provoked> => {
        const runDir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-void-'));
        dirs.push(runDir);
        cpSync(killed, runDir, { recursive: true });
        for (const name of lost) rmSync(path.join(runDir, 'events', name));
        return { summary: await summarise(runDir) };
      };
      for (const [lost, reason] of [
        [[], /^the run is partial: it was interrupted \(swarm-signal-ended\)$/],
        [of('swarm-signal'), /^the run is partial: the listeners' side of the log is missing$/],
        [of('server'), /^the run is partial: the server's side of the log is missing$/],
        [of('rehearsal'), /^the run is partial: the night never started$/],
        [of('rehearsal').slice(-1), /^the run is partial: it was killed before the night's end$/],
      ] as const) {
        expectVoid(await without(lost), reason);
      }
    },
  );
});

test.skipIf(!linux)('a backlog that overflows is named by the kernel, and voids nothing', async () => {
  const scenario = night();
  const small = night({ server: { ...scenario.server, listenBacklog: 4 } });
  const { summary } = await provoke(small, stopped('server.json'));
  expect(summary.generator.kernel['TcpExt.ListenOverflows']).toBeGreaterThan(0);
  expect(summary.verdict.notes).toContainEqual(
    expect.stringMatching(/queue of a listening socket was full.*\(TcpExt\.ListenOverflows, \d+ times\)$/),
  );
  expect(summary.verdict.reasons.join()).not.toContain('backlog');
});
