/** What parity says: tables in Markdown, which a terminal shows as well as a page does. */
import type { PairedResult } from '../../reports/comparison/paired.ts';
import { comparePhase, type PhaseComparison, quantile, samplesOf } from './compare.ts';
import { driverCosts, spreadText } from './costs.ts';
import type { Driver } from './night.ts';
import type { Parity } from './parity.ts';
import { table } from './table.ts';
import { trafficSection } from './traffic-page.ts';

/** As in the measures, in their order; the whole way in last. */
const PHASES = [
  'retries',
  'dial',
  'hallway',
  'signal',
  'queue',
  'ice',
  'dtls',
  'firstAudio',
  'join',
] as const;
/** Signalling only: the reference sits as soon as it has its seat. */
const SIGNALLING_PHASES = ['retries', 'dial', 'hallway', 'signal', 'join'] as const;

type Comparison = {
  readonly driver: Driver;
  readonly reference: Driver;
  readonly phases: readonly string[];
};

const COMPARISONS: readonly Comparison[] = [
  { driver: 'webrtc', reference: 'browser', phases: PHASES.filter((phase) => phase !== 'queue') },
  { driver: 'k6', reference: 'signal', phases: SIGNALLING_PHASES },
];

/** Beyond this much foreign CPU, in cores, times are those of another program as well. */
const FOREIGN_CORES_MAX = 0.1;

/** @param machine what the figures were measured on, and when. */
export function parityPage(parity: Parity, machine: string): string {
  const { people, rounds, seed, planDigest } = parity;
  return [
    '# Parity of the drivers',
    '',
    `Made by \`npm run parity\`. ${machine}. ${people} people, seed ${seed}, ${rounds} rounds; crowd ${planDigest.slice(0, 12)}.`,
    '',
    'The same people come at the same instants, led in by one driver at a time, the order rotating by round. Phases are',
    'those of the measures, over the try that got in; `retries` is the time from the planned arrival to that dial,',
    '`join` the whole way in. A browser loads its page before its person sets out; the load is told apart, and where it was',
    'late, the time until the page was there is in no phase. The crowd may use every core, beside a server that has little',
    'to do: sixteen pages on one core wait for it, and that is no difference of the drivers.',
    '',
    ...trustLines(parity),
    '## Who got in',
    '',
    ...whoGotIn(parity),
    '## The way in, p50 / p90 in ms',
    '',
    ...waysIn(parity),
    ...COMPARISONS.flatMap((comparison) => comparisonSection(parity, comparison)),
    '## What a listener costs',
    '',
    ...costs(parity),
    '## Packets on the media port',
    '',
    ...trafficSection(parity),
  ].join('\n');
}

/** Every comparison that could be made, by whether its medians are near enough. */
export function comparisonsOf(parity: Parity): readonly (Comparison & { readonly holds: boolean })[] {
  return COMPARISONS.filter(
    ({ driver, reference }) => parity.nights.has(driver) && parity.nights.has(reference),
  ).map((comparison) => ({
    ...comparison,
    holds: phasesOf(parity, comparison).every(({ holds }) => holds !== false),
  }));
}

function phasesOf({ nights }: Parity, { driver, reference, phases }: Comparison): readonly PhaseComparison[] {
  const joins = (of: Driver) => (nights.get(of) ?? []).map((night) => night.joins);
  return phases
    .map((phase) => comparePhase(phase, joins(driver), joins(reference)))
    .filter(({ p50Ms, referenceP50Ms }) => p50Ms !== null && referenceP50Ms !== null);
}

function trustLines({ nights, leftOut }: Parity): readonly string[] {
  const foreign = Math.max(0, ...[...nights.values()].flat().map(({ foreignCores }) => foreignCores));
  const lines = leftOut.map(({ driver, failure }) => `**${driver} did not run**: ${failure.message}`);
  if (foreign > FOREIGN_CORES_MAX)
    lines.push(
      `**The machine was busy**: other programs took up to ${foreign.toFixed(2)} cores in the mean of a night. Times are theirs too.`,
    );
  return lines.flatMap((line) => [line, '']);
}

function whoGotIn({ nights, people }: Parity): readonly string[] {
  return table(
    ['driver', 'nights', 'in', 'heard', 'ejected', 'page load p50 / p90, ms', 'pages late'],
    [...nights].map(([driver, each]) => {
      const total = (of: 'joined' | 'heard' | 'ejected') => each.reduce((sum, night) => sum + night[of], 0);
      const loads = each.flatMap(({ pageLoadsMs }) => pageLoadsMs);
      return [
        driver,
        String(each.length),
        `${total('joined')} of ${people * each.length}`,
        String(total('heard')),
        String(total('ejected')),
        quantiles(loads),
        loads.length === 0 ? '-' : String(each.reduce((sum, { latePages }) => sum + latePages, 0)),
      ];
    }),
  );
}

function waysIn({ nights }: Parity): readonly string[] {
  const drivers = [...nights];
  return table(
    ['phase', ...drivers.map(([driver]) => driver)],
    PHASES.map((phase) => [
      phase,
      ...drivers.map(([, each]) =>
        quantiles(
          samplesOf(
            phase,
            each.map(({ joins }) => joins),
          ),
        ),
      ),
    ]).filter(([, ...cells]) => cells.some((cell) => cell !== '-')),
  );
}

function comparisonSection(parity: Parity, comparison: Comparison): readonly string[] {
  const { driver, reference } = comparison;
  const made = comparisonsOf(parity).find((one) => one.driver === driver);
  if (made === undefined) return [];
  return [
    `## ${driver} against ${reference}: ${made.holds ? 'holds' : 'DOES NOT HOLD'}`,
    '',
    'A phase holds when the medians lie within 10 % or 20 ms. The difference is paired by person (the mean of the',
    'rounds of each), with a t interval of 95 %, each for itself.',
    '',
    ...table(
      [
        'phase',
        `${driver} p50, ms`,
        `${reference} p50, ms`,
        'difference, ms',
        'pairs',
        'within 10 % or 20 ms',
      ],
      phasesOf(parity, comparison).map(({ phase, p50Ms, referenceP50Ms, differenceMs, holds }) => [
        phase,
        p50Ms!.toFixed(1),
        referenceP50Ms!.toFixed(1),
        differenceText(differenceMs),
        String(differenceMs.pairs),
        holds ? 'yes' : 'NO',
      ]),
    ),
  ];
}

function costs({ nights }: Parity): readonly string[] {
  const rows = [...nights].flatMap(([driver, each]) => {
    const of = driverCosts(each.map((night) => night.costs));
    if (of === null) return [];
    return [
      [
        driver,
        spreadText(of.driver.joinMs, 1),
        spreadText(of.driver.listenerSecondMs, 2),
        spreadText(of.driver.listenerBytes, 0, 1024),
        spreadText(of.server.joinMs, 2),
        spreadText(of.worker.joinMs, 2),
        spreadText(of.server.listenerSecondMs, 3),
        spreadText(of.worker.listenerSecondMs, 3),
      ],
    ];
  });
  return [
    'CPU in ms: the mean of the rounds and, in brackets, their range; a figure whose range spans zero is too small to be',
    'seen among so few people. A join is what it takes until everybody is in, without what the idle processes take and',
    'without the seconds of listening; a browser has the load of its page in it, and its memory counts shared pages once a',
    'process. k6 prepares its people before the night, which is not in these figures. What signal, k6 and webrtc listeners',
    'cost to two digits, `npm run bench` says with crowds of hundreds.',
    '',
    ...table(
      [
        'driver',
        'driver, a join',
        'driver, a second',
        'driver, KiB',
        'server, a join',
        'worker, a join',
        'server, a second',
        'worker, a second',
      ],
      rows,
    ),
  ];
}

function quantiles(samples: readonly number[]): string {
  const [p50, p90] = [quantile(samples, 0.5), quantile(samples, 0.9)];
  return p50 === null || p90 === null ? '-' : `${p50.toFixed(1)} / ${p90.toFixed(1)}`;
}

function differenceText({ mean, interval }: PairedResult): string {
  if (mean === null) return '-';
  if (interval === null) return `${mean.toFixed(1)}, no interval`;
  return `${mean.toFixed(1)} (${interval.from.toFixed(1)} to ${interval.to.toFixed(1)})`;
}
