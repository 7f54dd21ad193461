/** From what was asked for to servers that can be played against, with everything refused that cannot be. */
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { type Baseline, readBaseline, refusedOf } from '../../reports/gate/baseline.ts';
import type { StoredEvidence } from '../../reports/gate/evidence.ts';
import { type Fingerprint, fingerprintOf } from '../../reports/gate/fingerprint.ts';
import type { GateSide } from '../../reports/gate/schema.ts';
import { findScenario } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/schema.ts';
import { readSetup } from '../../setup/paths.ts';
import { CLONE_DIR } from '../../setup/tools/places.js';
import { resolveBuild } from '../build.ts';
import { refuseProfiledRun } from '../finished-run.ts';
import { describeMachine, describeVersions } from '../machine.ts';
import { serverConfigFor } from '../server-config.ts';
import { commandServer, ownServer, type ServerSource } from '../source/server-source.ts';
import type { GateSettings, SideAsked } from './gate-folder.ts';
import { treeState } from './git.ts';
import { gitServer } from './git-source.ts';
import { checkKnee } from './knee-nights.ts';
import { shortSurge } from './short-surge.ts';

/** Runs that were stored, in place of a base that is played. */
type StoredBase = {
  readonly side: GateSide;
  readonly file: string;
  readonly baseline: Baseline;
  readonly refused: StoredEvidence['refused'];
};

export type GateSources = {
  /** The whole night, which is played for the knee only. */
  readonly night: Scenario;
  readonly surge: Scenario;
  readonly machine: Fingerprint;
  readonly base: ServerSource | StoredBase;
  readonly candidate: ServerSource;
  close(): Promise<void>;
};

/**
 * Sets both sides up.
 *
 * @throws UsageError or NotReadyError before anything was played.
 */
export async function openSources(
  settings: Pick<GateSettings, 'night' | 'size' | 'seed' | 'base' | 'candidate' | 'kneeMinutes'> & {
    readonly options: Pick<GateSettings['options'], 'judgeKnee'>;
  },
  say: (text: string) => void,
): Promise<GateSources> {
  refuseProfiledBase(settings.base);
  const night = await findScenario(settings.night);
  const surge = shortSurge(night, settings.size);
  const { judgeKnee } = settings.options;
  if (judgeKnee) checkKnee(night, settings);
  const machine = machineNow();
  // What a server is told differs from night to night, and an older one must know of all that are played.
  const nights = judgeKnee ? [surge, night] : [surge];
  const candidate = await sourceOf(settings.candidate, nights, say);
  const base =
    settings.base.kind === 'baseline'
      ? storedBase(settings.base.file, { night: night.id, size: settings.size, machine })
      : await sourceOf(settings.base, nights, say);
  return {
    night,
    surge,
    machine,
    base,
    candidate,
    close: async () => {
      await candidate.close();
      if (!('baseline' in base)) await base.close();
    },
  };
}

/** A run is no base, and one that was profiled least of all: said before git is asked for a commit of that name. */
function refuseProfiledBase(base: SideAsked): void {
  if (base.kind === 'git-ref') refuseProfiledRun(base.ref, 'a gate');
  if (base.kind === 'baseline' && path.basename(base.file) === 'summary.json')
    refuseProfiledRun(path.dirname(base.file), 'a gate');
}

function storedBase(file: string, now: Parameters<typeof refusedOf>[2]): StoredBase {
  const baseline = readBaseline(file);
  const { commit, dirty } = baseline.base;
  return {
    side: { kind: 'baseline', name: file, commit, dirty },
    file,
    baseline,
    refused: refusedOf(file, baseline, now),
  };
}

async function sourceOf(
  asked: SideAsked,
  nights: readonly Scenario[],
  say: (text: string) => void,
): Promise<ServerSource> {
  switch (asked.kind) {
    case 'this-tree':
      return ownServer(thisTree());
    case 'command':
      return commandServer(asked.command);
    case 'git-ref': {
      const place = { runDir: '', host: '127.0.0.1', port: 0, mediaEnabled: true, workerBin: null, seed: 0 };
      const samples = nights.map((night) =>
        serverConfigFor(night, resolveBuild('guarded', undefined, [], night.policies), place),
      );
      return gitServer(asked.ref, samples, say);
    }
    case 'baseline':
      throw new UsageError('stored-candidate', 'expected a candidate that can be played', 'give a command');
  }
}

/** This tree as a side of a gate. */
function thisTree(): GateSide {
  const { branch, commit, dirty } = treeState(CLONE_DIR);
  return { kind: 'this-tree', name: branch ?? 'this tree', commit, dirty };
}

/** The fingerprint of this machine and of what would run on it. */
function machineNow(): Fingerprint {
  const versions = describeVersions();
  return fingerprintOf(describeMachine(), versions, `${versions['mediasoup']}, ${readSetup().workerOrigin}`);
}
