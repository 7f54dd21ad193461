/**
 * Whose CPU was it? Each sample of a profile is charged to the nearest function on its stack that belongs to a part of the
 * server, by the path of its file. What carries for others (the sockets, the encoding, Node itself, the kernel under it) is
 * charged to whoever called it: a presence frame that is sent is presence, and not signalling.
 */
import { fileURLToPath } from 'node:url';
import type { CallFrame, CpuProfile, ServerModule } from './profile-schema.ts';

/** Signalling where nobody else called it. */
const CARRIER = 'carrier';

/** Parts of the server by path; the first that matches. */
const OWN: readonly (readonly [RegExp, ServerModule | typeof CARRIER])[] = [
  [/^server\/rooms\/presence\./, 'presence'],
  [/^server\/rooms\/voice\./, 'mediaControl'],
  [/^server\/rooms\//, 'rooms'],
  [/^server\/admission\//, 'admission'],
  [/^server\/media\//, 'mediaControl'],
  [/^server\/signalling\/outgoing\.|^server\/protocol\/wire\./, CARRIER],
  [/^server\/(signalling|door|protocol)\//, 'signalling'],
  [/^events\/|^server\/metrics\/|^server\/(log|each-second|signals)\./, 'log'],
];

const PACKAGES: Readonly<Record<string, ServerModule | typeof CARRIER>> = {
  mediasoup: 'mediaControl',
  ws: CARRIER,
  fastify: CARRIER,
};

/** What V8 calls what is no function. */
const STATES: Readonly<Record<string, ServerModule | 'idle'>> = {
  '(idle)': 'idle',
  '(garbage collector)': 'gc',
  '(program)': 'native',
};

type ChargedFunction = {
  readonly name: string;
  readonly file: string;
  /** From 1; 0: not known. */
  readonly line: number;
  readonly module: ServerModule;
  readonly us: number;
};

export type Charges = {
  /** Samples at work. */
  readonly samples: number;
  /** Time at work, by the clock: what the modules sum up to. */
  readonly busyUs: number;
  readonly byModule: ReadonlyMap<ServerModule, number>;
  /** Of our own, the dearest first. */
  readonly functions: readonly ChargedFunction[];
};

/** The file of a frame as a path; empty: it has none. */
export function fileOf({ url }: CallFrame): string {
  return url.startsWith('file://') ? fileURLToPath(url) : url;
}

/** A file's path from the project's folder, with `/` on every system; null: it lies elsewhere or is a package's. */
export function ownPath(file: string, root: string): string | null {
  const [plain, folder] = [file, root].map((one) => one.replaceAll('\\', '/').replace(/\/$/, '')) as [
    string,
    string,
  ];
  if (!plain.startsWith(`${folder}/`)) return null;
  const path = plain.slice(folder.length + 1);
  return path.startsWith('node_modules/') ? null : path;
}

type Owner = {
  readonly module: ServerModule | typeof CARRIER | 'idle' | null;
  /** Whose function it is charged to; null: to none of ours. */
  readonly frame: (CallFrame & { readonly path: string }) | null;
};

/** @param root the project's folder when the profile was taken. */
export function chargeSamples(profile: CpuProfile, root: string): Charges {
  const owners = ownersOf(profile, root);
  const byModule = new Map<ServerModule, number>();
  const functions = new Map<string, ChargedFunction>();
  let samples = 0;
  let busyUs = 0;
  for (const [nth, us] of durations(profile).entries()) {
    const owner = owners.get(profile.samples[nth]!);
    if (owner === undefined || owner.module === 'idle') continue;
    samples += 1;
    busyUs += us;
    const module = owner.module === CARRIER ? 'signalling' : (owner.module ?? 'other');
    byModule.set(module, (byModule.get(module) ?? 0) + us);
    const { frame } = owner;
    if (frame === null) continue;
    const { functionName, path, lineNumber } = frame;
    const name = functionName === '' ? '(anonymous)' : functionName;
    const key = `${path}:${lineNumber}:${name}`;
    functions.set(key, {
      ...{ name, file: path, line: lineNumber + 1, module },
      us: (functions.get(key)?.us ?? 0) + us,
    });
  }
  return { samples, busyUs, byModule, functions: [...functions.values()].sort((a, b) => b.us - a.us) };
}

/** How long each sample stands for: until the next one. */
function durations({ samples, timeDeltas, startTime, endTime }: CpuProfile): number[] {
  let atUs = startTime;
  const instants = samples.map((_, nth) => {
    atUs += timeDeltas[nth] ?? 0;
    return atUs;
  });
  // V8 may hand over a sample that is older than the one before it.
  return instants.map((at, nth) => Math.max(0, (instants[nth + 1] ?? endTime) - at));
}

/** The owner of each node, from the root down: the nearest function that is somebody's. */
function ownersOf({ nodes }: CpuProfile, root: string): ReadonlyMap<number, Owner> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const children = new Set(nodes.flatMap((node) => node.children));
  const owners = new Map<number, Owner>();
  const open = nodes
    .filter(({ id }) => !children.has(id))
    .map(({ id }) => ({ id, caller: { module: null, frame: null } as Owner }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = byId.get(next.id);
    if (node === undefined || owners.has(next.id)) continue;
    const owner = ownerOf(node.callFrame, next.caller, root);
    owners.set(next.id, owner);
    for (const id of node.children) open.push({ id, caller: owner });
  }
  return owners;
}

function ownerOf(frame: CallFrame, caller: Owner, root: string): Owner {
  const state = frame.url === '' ? STATES[frame.functionName] : undefined;
  if (state !== undefined) return { module: state, frame: null };
  const file = fileOf(frame);
  const path = ownPath(file, root);
  const module = path === null ? packageModule(file) : OWN.find(([files]) => files.test(path))?.[1];
  if (module === undefined) return caller;
  if (module === CARRIER && caller.module !== null) return caller;
  return { module, frame: { ...frame, path: path ?? nameInPackage(file) } };
}

function packageModule(file: string): ServerModule | typeof CARRIER | undefined {
  const name = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1];
  return name === undefined ? undefined : PACKAGES[name];
}

function nameInPackage(file: string): string {
  return file.replaceAll('\\', '/').replace(/.*\/node_modules\//, '');
}
