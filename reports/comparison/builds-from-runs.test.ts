/** From measured runs to what sets their builds apart: which runs belong together, which count, and what is not alike. */
import { beforeAll, expect, test } from 'vitest';
import type { Summary } from '../summary-schema.ts';
import { getsIn, smallNight } from '../testing/hand-log.ts';
import { measuredOf } from '../testing/summary-of.ts';
import { buildsOf, type RunToLay, shownOfBuilds } from './builds-from-runs.ts';

const IN = getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 });
let whole: RunToLay;
beforeAll(async () => {
  const scenario = smallNight();
  whole = { ...(await measuredOf({ scenario, people: [{ intendedMs: 5_000 }], rows: IN })), scenario };
});

type Changes = Omit<Partial<RunToLay>, 'summary'> & {
  readonly run?: Partial<Summary['run']>;
  readonly result?: Summary['verdict']['result'];
};

/** The run with other words about it: its figures stay. */
function laid({ run = {}, result = 'fail', ...more }: Changes = {}): RunToLay {
  const { summary } = whole;
  const verdict = { ...summary.verdict, result, reasons: result === 'void' ? ['a late generator'] : [] };
  return { ...whole, ...more, summary: { ...summary, run: { ...summary.run, ...run }, verdict } };
}

const naive = (run: Partial<Summary['run']> = {}) =>
  ({ profile: 'clubhouse-2021', policy: 'cap-soft', features: {}, ...run }) as const;
const guarded = (run: Partial<Summary['run']> = {}) => ({ features: {}, ...run }) as const;

test('one run is compared with nothing', () => {
  expect(buildsOf([laid()])).toBeNull();
});

test('the same night on two builds is like for like', () => {
  const compared = buildsOf([laid({ run: naive() }), laid({ run: guarded() })])!;
  expect(compared.reference).toBe('clubhouse-2021');
  expect(compared.builds.map(({ name }) => name)).toEqual(['clubhouse-2021', 'guarded']);
  expect(compared.notAlike).toEqual([]);
  expect(compared.leftOut).toEqual([]);
});

const machine = {
  platform: 'linux',
  arch: 'x64',
  kernel: '6.1',
  cpuModel: 'a processor',
  cores: 4,
  memoryBytes: 8e9,
};
test.each([
  [{ run: { scale: 0.5 } }, 'another scale: 1 for clubhouse-2021, 0.5 for guarded'],
  [{ run: { timeScale: 0.5 } }, 'another time-scale: 1 for clubhouse-2021, 0.5 for guarded'],
  [{ run: { scenario: 'musk' } }, 'another night: small for clubhouse-2021, musk for guarded'],
  [
    { run: { faults: [{ kind: 'cut', atMs: 5_000, share: 0.5 }] } },
    'other faults: none for clubhouse-2021, cut 50 % at 5.00 s for guarded',
  ],
  [{ run: { machine } }, 'from clubhouse-2021 to guarded, cores was 2 and is 4'],
  [
    { run: { versions: { roomrush: '0.2.0', node: '24.0.0' } } },
    'another version of roomrush: 0.1.0 for clubhouse-2021, 0.2.0 for guarded',
  ],
  [
    { run: { planDigest: 'e'.repeat(64), seed: 2 } },
    'no crowd in common: clubhouse-2021 and guarded met different ones',
  ],
  [{ result: 'void' }, 'guarded is void: a late generator'],
  [{ run: { partial: true } }, 'guarded was broken off'],
  [
    { run: { profiler: { tool: 'flame', page: null, problem: null } } },
    'guarded (profiled) was profiled with clinic flame, which costs CPU by itself',
  ],
  [
    {
      scenario: smallNight({
        rooms: { main: { room: 'main', title: 'Room', seats: 20 }, overflow: { seats: 5, roomsMax: 1 } },
      }),
    },
    'the night was changed between the runs: its rooms',
  ],
] as readonly (readonly [Changes, string])[])('%#: what else differs is said', (changes, reason) => {
  const other = laid({ ...changes, run: guarded(changes.run ?? {}) });
  const compared = buildsOf([laid({ run: naive() }), other])!;
  expect(compared.notAlike).toEqual([reason]);
  expect(compared.choice).toEqual(['What to choose is not said: these runs are not like for like.']);
});

test('other bodies are said with their shares', () => {
  const { bodies } = whole.summary.run;
  const signal = { ...bodies.arrivals, signal: 1, webrtc: 0, rtp: 0, k6: 0 };
  const [reason] = buildsOf([
    laid({ run: naive() }),
    laid({ run: guarded({ bodies: { incumbents: signal, arrivals: signal } }) }),
  ])!.notAlike;
  expect(reason).toMatch(
    /^other bodies: .+ for clubhouse-2021, signal 100 % \(inside before: signal 100 %\) for guarded$/,
  );
});

test('a void run is left out where its build has others, and said', () => {
  const runs = [
    laid({ run: naive() }),
    laid({ run: guarded({ id: 'spoilt' }), result: 'void' }),
    laid({ run: guarded() }),
  ];
  const compared = buildsOf(runs)!;
  expect(compared.leftOut).toEqual([{ run: 'spoilt', reason: 'void: a late generator' }]);
  expect(compared.builds[1]).toMatchObject({ name: 'guarded', runs: 1, fail: 1 });
  expect(compared.notAlike).toEqual([]);
  expect(shownOfBuilds(runs)).toEqual([runs[0], runs[2]]);
});

test('runs of one build are compared with each other, by what tells them apart', () => {
  const runs = [laid({ run: guarded({ id: 'before' }) }), laid({ run: guarded({ id: 'after' }) })];
  const compared = buildsOf(runs)!;
  expect(compared.builds.map(({ name }) => name)).toEqual(['before', 'after']);
  expect(shownOfBuilds(runs)).toEqual(runs);
});

test('of several runs of each build, one on a common crowd is shown', () => {
  const on = (seed: number) => ({ seed, planDigest: String(seed).repeat(64) });
  const runs = [
    laid({ run: naive(on(1)) }),
    laid({ run: naive(on(2)) }),
    laid({ run: guarded(on(3)) }),
    laid({ run: guarded(on(2)) }),
  ];
  expect(shownOfBuilds(runs)).toEqual([runs[1], runs[3]]);
});
