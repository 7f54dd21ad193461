/** The lines of folders that are about several runs: comparisons, gates, searches for a capacity, studies. */
import { z } from 'zod';
import { format, listed, scaleText } from '../render/format.ts';
import { type Folder, only, pageOf, readLoosely, resultSchema } from './folder.ts';
import { type Listed, NOTHING_KNOWN } from './listed.ts';

const choice = z
  .object({ choice: z.array(z.string()) })
  .nullable()
  .default(null);
const comparisonSchema = z.object({
  // The second one had everything that is read here.
  schema: z.enum(['roomrush/comparison@2', 'roomrush/comparison@3']),
  runs: z
    .array(
      z.object({
        name: z.string(),
        summary: z.object({
          run: z.object({ title: z.string(), seed: z.number(), scale: z.number(), startedAt: z.string() }),
          crowd: z.object({ planned: z.number() }),
          verdict: z.object({ result: resultSchema }),
        }),
      }),
    )
    .min(1),
  policies: choice,
  builds: choice,
});

/** More names than these make no line. */
const NAMES_MAX = 4;

export function listComparison(folder: Folder): Listed {
  const { runs, policies, builds } = readLoosely(folder, 'comparison.json', comparisonSchema, 'a comparison');
  const summaries = runs.map(({ summary }) => summary);
  const results = resultSchema.options.map((result) => ({
    result,
    runs: summaries.filter(({ verdict }) => verdict.result === result).length,
  }));
  return {
    ...NOTHING_KNOWN,
    kind: 'comparison',
    folder: folder.folder,
    night: listed([...new Set(summaries.map(({ run }) => run.title))].slice(0, NAMES_MAX)),
    build: namesText(runs.map(({ name }) => name)),
    seed: only(summaries.map(({ run }) => run.seed)),
    scale: only(summaries.map(({ run }) => run.scale)),
    people: only(summaries.map(({ crowd }) => crowd.planned)),
    startedAt: summaries.map(({ run }) => run.startedAt).sort()[0]!,
    verdict: results
      .filter((one) => one.runs > 0)
      .map((one) => `${one.runs} ${one.result}`)
      .join(', '),
    reasons: policies?.choice ?? builds?.choice ?? [],
    page: pageOf(folder, 'report.html', 'comparison.json'),
    missing: folder.names.includes('report.html') ? [] : ['report.html'],
  };
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX);
  return names.length > shown.length
    ? `${shown.join('; ')}; and ${names.length - shown.length} more`
    : shown.join('; ');
}

const gateSchema = z.object({
  schema: z.literal('roomrush/gate@2'),
  night: z.string(),
  startedAt: z.string(),
  base: z.object({ name: z.string() }),
  candidate: z.object({ name: z.string() }),
  verdict: z.object({
    result: z.enum(['regression', 'no regression seen', 'void']),
    reasons: z.array(z.string()),
  }),
});
const gateSettingsSchema = z.object({
  schema: z.literal('roomrush/gate-settings@1'),
  night: z.string(),
  startedAt: z.string(),
});

const GATE_TONES = { regression: 'fail', 'no regression seen': 'pass', void: 'void' } as const;

/** Of a gate that was broken off there are only its settings. */
export function listGate(folder: Folder): Listed {
  if (!folder.names.includes('gate.json')) {
    const { night, startedAt } = readLoosely(
      folder,
      'settings.json',
      gateSettingsSchema,
      "a gate's settings",
    );
    return {
      ...{ ...NOTHING_KNOWN, kind: 'gate', folder: folder.folder, night, startedAt },
      verdict: 'unfinished',
      reasons: [`to go on with it: roomrush gate --resume ${folder.dir}`],
      missing: ['gate.json'],
      page: null,
    };
  }
  const { night, startedAt, base, candidate, verdict } = readLoosely(
    folder,
    'gate.json',
    gateSchema,
    'a gate',
  );
  return {
    ...{ ...NOTHING_KNOWN, kind: 'gate', folder: folder.folder, night, startedAt },
    build: `${candidate.name} against ${base.name}`,
    verdict: verdict.result,
    tone: GATE_TONES[verdict.result],
    reasons: verdict.reasons,
    page: pageOf(folder, 'summary.md', 'gate.json'),
  };
}

const capacitySchema = z.object({
  schema: z.literal('roomrush/capacity@1'),
  night: z.object({ title: z.string() }),
  startedAt: z.string(),
  settings: z.object({ seed: z.number() }),
  finished: z.boolean(),
  searches: z.array(
    z.object({
      profile: z.string(),
      policy: z.string(),
      result: z.object({
        kind: z.enum(['knee', 'generator', 'beyond', 'below', 'void', 'unfinished']),
        held: z.object({ scale: z.number() }).nullable(),
        limit: z.object({ sentence: z.string() }).nullable(),
      }),
    }),
  ),
});
type Search = z.infer<typeof capacitySchema>['searches'][number];

export function listCapacity(folder: Folder): Listed {
  const file = readLoosely(folder, 'capacity.json', capacitySchema, 'a search for the capacity');
  const { night, startedAt, settings, finished, searches } = file;
  const found = searches.map((search) => `${search.profile}: ${kneeText(search)}`);
  return {
    ...{ ...NOTHING_KNOWN, kind: 'capacity', folder: folder.folder, night: night.title, startedAt },
    build: searches.map(({ profile, policy }) => `${profile}, ${policy}`).join('; '),
    seed: settings.seed,
    verdict: [...found, ...(finished ? [] : ['unfinished'])].join('; '),
    tone: finished ? toneOf(searches) : null,
    reasons: [
      ...searches.flatMap(({ result: { limit } }) => (limit === null ? [] : [limit.sentence])),
      ...(finished ? [] : [`to go on with it: roomrush capacity --resume ${folder.dir}`]),
    ],
    page: pageOf(folder, 'capacity.json'),
  };
}

function kneeText({ result: { kind, held } }: Search): string {
  const scale = held === null ? '' : ` at scale ${scaleText(held.scale)}`;
  return {
    knee: `knee${scale}`,
    generator: 'the generator gave in first',
    beyond: `still holds${scale}`,
    below: 'even the smallest scale fails',
    void: 'void',
    unfinished: 'unfinished',
  }[kind];
}

/** As the exit code of the command. */
function toneOf(searches: readonly Search[]): Listed['tone'] {
  const kinds = searches.map(({ result }) => result.kind);
  if (kinds.length > 0 && kinds.every((kind) => kind === 'knee')) return 'pass';
  return kinds.every((kind) => kind === 'knee' || kind === 'below') ? 'fail' : 'void';
}

const studySchema = z.object({
  schema: z.literal('roomrush/study@1'),
  measuredAt: z.string(),
  nights: z.array(z.object({ title: z.string(), policies: z.array(z.string()), runs: z.array(z.unknown()) })),
});

export function listStudy(folder: Folder): Listed {
  const { measuredAt, nights } = readLoosely(folder, 'study.json', studySchema, 'a study');
  const runs = nights.reduce((sum, night) => sum + night.runs.length, 0);
  return {
    ...{ ...NOTHING_KNOWN, kind: 'study', folder: folder.folder, startedAt: measuredAt },
    night: listed(nights.map(({ title }) => title)),
    build: namesText([...new Set(nights.flatMap(({ policies }) => policies))]),
    verdict: `${format(runs, 'count')} runs`,
    page: pageOf(folder, 'study.json'),
  };
}
