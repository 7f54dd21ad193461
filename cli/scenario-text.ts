/** Nights in words for a terminal of 80 columns: a line of each, and one in full with its curve and its sources. */
import { drawCurve } from '../scenarios/curve.ts';
import { bySource, type SourcedParameters } from '../scenarios/parameters.ts';
import { nightTimes, type Scenario } from '../scenarios/schema.ts';

const WIDTH = 80;
const NAME_WIDTH = 13;

/** A night in a sentence: what it is called, and how its story begins. */
export function listedNight(night: Scenario): string {
  const [opening = ''] = night.story.split(/(?<=[.!?])\s/);
  return hanging(night.id.padEnd(NAME_WIDTH), `${night.title}: ${opening}`);
}

/** A night in full: story, figures, arrival curve, objectives, and every parameter with its source. */
export function shownNight(night: Scenario): string {
  const { phases, rooms } = night;
  const arrivals = night.waves.reduce((sum, wave) => sum + wave.count, 0);
  const waiting = night.waves.reduce((sum, wave) => sum + (wave.hallwayMs > 0 ? wave.count : 0), 0);
  const rest = [
    waiting > 0 ? ` ${waiting} of them wait in the hallway beforehand.` : '',
    rooms.overflow.roomsMax > 0
      ? ` Overflow rooms: up to ${rooms.overflow.roomsMax} of ${rooms.overflow.seats} seats, where the policy opens any.`
      : '',
    rooms.parallel.roomsMax > 0
      ? ` Listeners may open up to ${rooms.parallel.roomsMax} rooms of ${rooms.parallel.seats} seats themselves.`
      : '',
  ];
  const policies = Object.entries(night.policies).map(([name, parts]) =>
    hanging(`  ${name}  `, parts.map(({ part }) => part).join(' > ')),
  );
  return [
    `${night.title}\n`,
    ...wrap(night.story, WIDTH),
    '',
    ...wrap(
      `${night.incumbents.count} people are in before, ${arrivals} arrive in ${phases.surgeMs / 1000} s; the main room has ` +
        `${rooms.main.seats} seats.${rest.join('')} ${nightTimes(night).nightEndMs / 1000} s in all.`,
      WIDTH,
    ),
    '',
    'When people set out:',
    '',
    ...drawCurve(night),
    '',
    `Phases: ramp ${seconds(phases.rampMs)}, baseline ${seconds(phases.baselineMs)}, surge ${seconds(phases.surgeMs)}, ` +
      `tail ${seconds(phases.tailMs)}, leaving ${seconds(phases.leavingMs)}`,
    ...(policies.length > 0 ? ['', "The night's own policies:", ...policies] : []),
    '',
    'Objectives:',
    ...night.objectives.flatMap(({ title, measure, op, limit, unit }) => [
      hanging('  ', title),
      hanging('    ', `${measure} ${op} ${limit} ${unit}`),
    ]),
    '',
    'Parameters: rows of docs/reference/facts.md, or * an assumption',
    ...bySource(night)
      .filter(({ path }) => path !== 'objectives')
      .flatMap(sourcedLines),
    '',
  ].join('\n');
}

function sourcedLines({ path, parameters, source }: SourcedParameters): string[] {
  const values = parameters.map(({ path: whole, value }) => {
    const shown = typeof value === 'number' ? String(Number(value.toFixed(4))) : value;
    return whole === path ? shown : `${whole.slice(path.length + 1)} ${shown}`;
  });
  return [
    hanging(`${source !== null && 'facts' in source ? ' ' : '*'} ${path}  `, values.join(', ')),
    hanging('    ', sentenceOf(source)),
  ];
}

function sentenceOf(source: SourcedParameters['source']): string {
  if (source === null) return 'no source given';
  if ('assumption' in source) return `assumption: ${source.assumption}`;
  return `${source.facts.join(', ')}${source.note === undefined ? '' : `: ${source.note}`}`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

/** Text behind a head, its further lines indented: to the head's width, or to a fourth of the line at most. */
function hanging(head: string, text: string): string {
  const indent = ' '.repeat(Math.min(head.length, WIDTH / 4));
  const [first = '', ...others] = wrap(text, WIDTH - indent.length, WIDTH - head.length);
  return [head + first, ...others.map((line) => indent + line)].join('\n').trimEnd();
}

/** Breaks a text at its blanks into lines of at most `width`; a word that is longer stands alone. */
function wrap(text: string, width: number, firstWidth = width): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? firstWidth : width;
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
