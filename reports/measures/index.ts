/**
 * Every number of a summary: each SQL file beside this one defines one measure, in a comment at its head and the
 * query below. `docs/reference/measures.md` is made from the comments.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { RunStore } from '../store/open-run.ts';
import type { Measured } from '../summary.ts';

type Row = Readonly<Record<string, unknown>>;

const FOLDER = new URL('.', import.meta.url);

function sqlOf(name: string): string {
  return readFileSync(new URL(`${name}.sql`, FOLDER), 'utf8');
}

/** Prepares what the measures stand on; once for an opened run, before the others. */
export async function prepareMeasures(run: RunStore): Promise<void> {
  await run.query(sqlOf('base'));
}

/** The rows of one measure. */
export function measure(run: RunStore, name: string): Promise<readonly Row[]> {
  return run.query(sqlOf(name));
}

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const count = (value: unknown): number => Math.round(number(value) ?? 0);
const text = (value: unknown): string => String(value);

/** Measures a run whole, but for its verdict. */
export async function measureRun(run: RunStore): Promise<Measured> {
  await prepareMeasures(run);
  const one = async (name: string): Promise<Row> => (await measure(run, name))[0] ?? {};
  const [crowd, ejections, overflow, incumbents, admission, honesty] = [
    await one('crowd'),
    await one('ejections'),
    await one('overflow'),
    await one('incumbents'),
    await one('admission'),
    await one('honesty'),
  ];
  const costs = await measure(run, 'cost');
  const costOf = (process: string) => cost(costs.filter((row) => row['process'] === process));
  const swarms = costs.filter((row) => text(row['process']).startsWith('swarm-'));
  const { record } = run;
  const seen = admission['serverSeen'] === true;
  const ofServer = (value: unknown) => (seen ? count(value) : null);
  return {
    schema: 'roomrush/summary@1',
    run: {
      id: record.id,
      scenario: record.scenario,
      seed: record.seed,
      scale: record.scale,
      timeScale: record.timeScale,
      planDigest: record.planDigest,
      profile: record.profile,
      policy: record.policy,
      features: record.features,
      bodies: record.bodies,
      target: record.target,
      durationMs: Math.max(0, number(honesty['lastMs']) ?? 0),
      machine: record.machine,
      versions: record.versions,
      partial: honesty['ended'] !== true || honesty['interrupted'] !== null,
      interrupted: honesty['interrupted'] === null ? null : text(honesty['interrupted']),
    },
    crowd: {
      planned: count(crowd['planned']),
      incumbents: count(crowd['incumbents']),
      arrived: count(crowd['arrived']),
      joined: count(crowd['joined']),
      gaveUp: count(crowd['gaveUp']),
      refused: count(crowd['refused']),
      waitingAtEnd: count(crowd['waitingAtEnd']),
      lost: count(crowd['lost']),
      neverIn: count(crowd['neverIn']),
      neverInShare: number(crowd['neverInShare']),
      arrivedInSurge: count(crowd['arrivedInSurge']),
      answeredWithin2sShare: number(crowd['answeredWithin2sShare']),
    },
    joinLatencyMs: await joinLatency(run),
    joinCurve: groupBy(await measure(run, 'join-curve'), 'body', (row) => ({
      s: number(row['s']) ?? 0,
      share: number(row['share']) ?? 0,
    })),
    ejections: {
      involuntary: count(ejections['involuntary']),
      involuntaryShare:
        count(crowd['joined']) === 0 ? null : count(ejections['people']) / count(crowd['joined']),
      byCause: Object.fromEntries(
        (await measure(run, 'ejections-by-cause')).map((row) => [text(row['cause']), count(row['losses'])]),
      ),
      returned: count(ejections['returned']),
      stranded: count(ejections['stranded']),
      returnMs: number(ejections['returnMs']),
      rejoinAttempts: count(ejections['rejoinAttempts']),
    },
    overflow: {
      roomsOpened: count(overflow['roomsOpened']),
      openedAtMs: number(overflow['openedAtMs']),
      seatedMax: count(overflow['seatedMax']),
      seatedWithMedia: count(overflow['seatedWithMedia']),
      relayLagMs: {
        p50: number(overflow['relayLagP50Ms']),
        p99: number(overflow['relayLagP99Ms']),
        samples: count(overflow['relayLagSamples']),
      },
      promoted: count(overflow['promoted']),
      promotionGapMs: {
        p99: number(overflow['promotionGapP99Ms']),
        max: number(overflow['promotionGapMaxMs']),
        samples: count(overflow['promotionGapSamples']),
      },
    },
    hearing: Object.fromEntries(
      (await measure(run, 'hearing')).map((row) => [
        text(row['where_seated']),
        { people: count(row['people']), hear95: count(row['hear95']), lossShare: number(row['lossShare']) },
      ]),
    ),
    incumbents: {
      count: count(incumbents['count']),
      counted: count(incumbents['counted']),
      lossShareBefore: number(incumbents['lossShareBefore']),
      lossShareSurge: number(incumbents['lossShareSurge']),
      longestGapBeforeMs: number(incumbents['longestGapBeforeMs']),
      longestGapMs: number(incumbents['longestGapMs']),
    },
    admission: {
      overAdmitted: ofServer(admission['overAdmitted']),
      fifoInversions: ofServer(admission['fifoInversions']),
      etaErrorMs: null,
      leakedSeats: ofServer(admission['leakedSeats']),
      ghostSeats: ofServer(admission['ghostSeats']),
      replayedTickets: ofServer(admission['doubleSeats']),
      ticketsRefused: ofServer(admission['ticketsRefused']),
      seatsFilledShare: seen ? number(admission['seatsFilledShare']) : null,
    },
    server: {
      ...costOf('server'),
      worker: costOf('worker'),
      deliveries: number(honesty['deliveries']),
      unansweredProbes: count(honesty['probesUnanswered']),
    },
    generator: {
      ...cost(swarms),
      slipMs: { p99: number(honesty['slipP99Ms']), max: number(honesty['slipMaxMs']) },
      napMsMax: cost(swarms, 'napMsMax').stallMsMax,
      foreignCpuShare: number(honesty['foreignCpuShare']),
      busySeconds: count(honesty['swarmCoreBusySeconds']),
      trouble: Object.fromEntries(
        (await measure(run, 'trouble')).map((row) => [text(row['cause']), count(row['events'])]),
      ),
      byProcess: Object.fromEntries(swarms.map((row) => [text(row['process']), cost([row])])),
    },
  };
}

/** Costs of several processes as one: sums of work, the worst of peaks. */
function cost(rows: readonly Row[], stallColumn = 'stallMsMax') {
  const sum = (name: string) => fold(rows, name, (a, b) => a + b);
  const max = (name: string) => fold(rows, name, Math.max);
  return {
    cpuSeconds: sum('cpuSeconds'),
    cpuShareMax: max('cpuShareMax'),
    stallMsMax: max(stallColumn),
    rssBytesMax: sum('rssBytesMax'),
    bytes: sum('bytes'),
    messages: sum('messages'),
  };
}

function fold(rows: readonly Row[], name: string, combine: (a: number, b: number) => number): number | null {
  const values = rows.map((row) => number(row[name])).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce(combine);
}

async function joinLatency(run: RunStore): Promise<Measured['joinLatencyMs']> {
  const phases = await measure(run, 'join-phases');
  return Object.fromEntries(
    (await measure(run, 'join-latency')).map((row) => {
      const [p50, p90, p99] = [number(row['p50']), number(row['p90']), number(row['p99'])];
      return [
        text(row['body']),
        {
          count: count(row['count']),
          p50,
          p90,
          p99,
          notReached: p50 === null || p90 === null || p99 === null,
          ofJoined: {
            count: count(row['joined']),
            p50: number(row['joinedP50']),
            p90: number(row['joinedP90']),
            p99: number(row['joinedP99']),
          },
          phases: Object.fromEntries(
            phases
              .filter((phase) => phase['body'] === row['body'])
              .map((phase) => [
                text(phase['phase']),
                {
                  count: count(phase['count']),
                  p50: number(phase['p50']),
                  p90: number(phase['p90']),
                  p99: number(phase['p99']),
                },
              ]),
          ),
        },
      ];
    }),
  );
}

function groupBy<Entry>(
  rows: readonly Row[],
  key: string,
  entryOf: (row: Row) => Entry,
): Record<string, Entry[]> {
  const groups: Record<string, Entry[]> = {};
  for (const row of rows) {
    const name = text(row[key]);
    groups[name] = [...(groups[name] ?? []), entryOf(row)];
  }
  return groups;
}

/** The reference page of the measures, from the comments at the head of their SQL files. */
export function measuresMarkdown(): string {
  const names = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql') && name !== 'base.sql')
    .map((name) => name.replace('.sql', ''))
    .sort();
  const sections = names.map((name) => {
    const comment = sqlOf(name)
      .split('\n')
      .filter((line) => line.startsWith('--'))
      .map((line) => line.replace(/^-- ?/, ''))
      .join('\n');
    const [head, ...rest] = comment.split(/\n(?=unit:|population:|pitfalls:)/);
    const points = rest.map((point) => `- **${point.replace(/\s*\n\s*/g, ' ').replace(':', '**:')}`);
    return `## ${name}\n\n${head!.replace(`${name}: `, '').replace(/\s*\n\s*/g, ' ')}\n\n${points.join('\n')}\n\nDefined in [\`${name}.sql\`](../../reports/measures/${name}.sql).\n`;
  });
  return `# Measures\n\nMade by \`npm run docs\` from the SQL files in \`reports/measures\`, each of which defines one measure over the event log.\n\n${sections.join('\n')}`;
}
