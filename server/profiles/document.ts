/** Renders the reference page of the admission policies: their parts, the parameters of each, and the named ones. */
import { z } from 'zod';
import { PART_NAMES, PARTS, type PartName } from '../admission/parts.ts';
import { POLICIES } from './policies.ts';

const MEANING: Readonly<Record<PartName, string>> = {
  priority:
    'Who goes first: speakers, then people who lost a seat, then the others; in a waiting room each group has a lane, ' +
    'without one an overloaded server refuses the last early (DAGOR).',
  'waiting-room':
    'Whoever cannot be seated now gets a place, a ticket and a position: first come, first served.',
  'token-bucket': 'At most so many seats a second; whoever is refused is told when to retry.',
  adaptive: "A limit on the seats in use that follows the server's own signals (Gradient2, Envoy).",
  open: 'No limit: the control.',
  'cap-soft': 'A cap that is compared with the seats taken so far: a burst overshoots it (C2).',
  cap: 'An exact cap.',
  hold: 'The seat of somebody who was thrown out is kept for a while.',
  overflow: 'When the main room is full, rooms open that relay its audio; their people are promoted in turn.',
};

type Field = {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
};

function range({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, type }: Field): string {
  const low = minimum === undefined ? `above ${exclusiveMinimum ?? '-infinity'}` : `from ${minimum}`;
  const bounded = maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER;
  const high = bounded
    ? ` to ${maximum}`
    : exclusiveMaximum === undefined
      ? ''
      : `, below ${exclusiveMaximum}`;
  return `${type} ${low}${high}`;
}

function partSection(part: PartName): string {
  const schema = z.toJSONSchema(PARTS[part], { io: 'input' }) as {
    readonly properties?: Readonly<Record<string, Field>>;
  };
  const fields = Object.entries(schema.properties ?? {});
  const rows = fields.map(
    ([name, field]) =>
      `| \`${name}\` | ${range(field)} | ${field.default ?? ''} | ${field.description ?? ''} |`,
  );
  const table =
    rows.length === 0
      ? 'No parameters.\n'
      : `| parameter | values | default | meaning and source |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  return `### ${part}\n\n${MEANING[part]}\n\n${table}`;
}

/** The page `docs/reference/policies.md`. */
export function policiesMarkdown(): string {
  const named = Object.entries(POLICIES).map(
    ([name, parts]) => `| \`${name}\` | ${parts.map(({ part }) => part).join(' > ')} |`,
  );
  return `# Admission policies

Made by \`npm run docs\` from \`server/admission\` and \`server/profiles\`. A policy is a list of parts, the outermost
first; each decides from what happened so far, the time and a random number that are handed in, and from nothing
else. \`--policy NAME\` plays one of these, or one that the night itself brings:

| policy | parts |
|---|---|
${named.join('\n')}

A night brings its own as data (\`policies\` in a scenario):

    policies: { gentle: [{ part: 'priority' }, { part: 'adaptive', workerCpuShareTarget: 0.6 }, { part: 'cap' }] }

## What is refused

The parts stand in the order ${PART_NAMES.map((part) => `\`${part}\``).join(', ')}; each at most once, and exactly one of
\`open\`, \`cap-soft\` and \`cap\`. \`overflow\` over \`open\` would never open a room, a \`waiting-room\` with neither a
cap, a bucket nor an adaptive limit would never let anybody wait, and an \`adaptive\` limit whose \`seatsMin\` is not
below the cap could never bind: each is refused before the night begins, with every problem at once.

## Parts

${PART_NAMES.map(partSection).join('\n')}`;
}
