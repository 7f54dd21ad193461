/** A test instrument: real WebRTC listeners and a real media worker, with a UDP relay of known delay between them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { playNight } from '../../rehearsal/night.ts';
import { prepareNight } from '../../rehearsal/prepare.ts';
import { recordOf } from '../../rehearsal/run.ts';
import { summarise } from '../../reports/index.ts';
import type { Summary } from '../../reports/summary.ts';
import { type CrowdRow, knownNight, playQuietly, readCrowd } from './known-night.ts';
import { type RelayLedger, relayLedgerSchema } from './ledger.ts';

const ENTRY = fileURLToPath(new URL('relayed-server.child.ts', import.meta.url));

export type Relayed = {
  readonly summary: Summary;
  readonly ledger: RelayLedger;
  readonly rows: readonly CrowdRow[];
  /** Longest time without a turn of the crowd's loop, ms. */
  readonly stallMs: number;
};

/** `arrivals` join within two seconds, each packet to and from the worker so much later. */
export function playRelayed(arrivals: number, oneWayMs: number): Promise<Relayed> {
  return playQuietly(() => playOnce(arrivals, oneWayMs));
}

async function playOnce(arrivals: number, oneWayMs: number): Promise<Relayed> {
  const runDir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-relayed-'));
  try {
    const prepared = prepareNight({
      ...{ scenario: knownNight('webrtc', 1, arrivals, 1_000), seed: 7, scale: 1, timeScale: 1 },
      ...{ profile: 'guarded', features: [], bodies: null, target: null, port: 0, faults: [] },
    });
    process.env['RELAY_ONE_WAY_MS'] = String(oneWayMs);
    const { interrupted } = await playNight(
      { ...prepared, serverEntry: ENTRY },
      recordOf(prepared, 'relayed', null),
      runDir,
      () => {},
      new AbortController().signal,
    );
    if (interrupted !== null) throw new Error(`the night broke off: ${interrupted}`);
    const ledger = relayLedgerSchema.parse(JSON.parse(readFileSync(path.join(runDir, 'relay.json'), 'utf8')));
    const { rows, stallMs } = await readCrowd(runDir);
    return { summary: await summarise(runDir), ledger, rows, stallMs };
  } finally {
    delete process.env['RELAY_ONE_WAY_MS'];
    rmSync(runDir, { recursive: true, force: true });
  }
}
