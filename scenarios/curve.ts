/**
 * When the people of a night set out, as numbers and as a drawing for a terminal. Both come from the arrival models
 * themselves, not from a draw, so that the curve is the same for every seed.
 */
import { arrivalCdf } from './arrivals/index.ts';
import { nightTimes, type Scenario } from './schema.ts';

const COLUMNS = 60;
const ROWS = 8;
/** Heights of a character cell in eighths, from empty to full. */
const EIGHTHS = ' ▁▂▃▄▅▆▇█';
const GUTTER = 7;

/**
 * People who are expected to set out in each of `steps` equal parts of the night, incumbents included. Who waits in
 * the hallway beforehand is counted when they mean to come in.
 */
export function arrivalsByStep(night: Scenario, steps: number): number[] {
  const { surgeStartMs, nightEndMs } = nightTimes(night);
  const groups = [
    { startMs: 0, overMs: night.phases.rampMs, count: night.incumbents.count, model: night.incumbents.model },
    ...night.waves.map(({ moment, overMs, count, model }) => ({
      startMs: surgeStartMs + (night.moments.find(({ id }) => id === moment)?.afterSurgeStartMs ?? 0),
      overMs,
      count,
      model,
    })),
  ].map(({ startMs, overMs, count, model }) => {
    const cdf = arrivalCdf(model, overMs);
    // Whoever would come before the night begins comes with its first instant.
    return (untilMs: number) => (untilMs <= 0 ? 0 : count * cdf(untilMs - startMs));
  });
  return Array.from({ length: steps }, (_, nth) => {
    const [fromMs, untilMs] = [(nth * nightEndMs) / steps, ((nth + 1) * nightEndMs) / steps];
    return groups.reduce((sum, arrivedUntil) => sum + arrivedUntil(untilMs) - arrivedUntil(fromMs), 0);
  });
}

/** The curve in 67 columns: people a second over the night's seconds, its moments marked by letters below. */
export function drawCurve(night: Scenario): string[] {
  const { surgeStartMs, nightEndMs } = nightTimes(night);
  const stepSeconds = nightEndMs / COLUMNS / 1000;
  const perSecond = arrivalsByStep(night, COLUMNS).map((people) => people / stepSeconds);
  const most = Math.max(...perSecond);
  const marks = night.moments
    .map((moment) => ({ ...moment, atMs: surgeStartMs + moment.afterSurgeStartMs }))
    .sort((a, b) => a.atMs - b.atMs);
  return [
    `${'people/s'.padEnd(GUTTER)}`,
    ...plot(perSecond, most),
    `${' '.repeat(GUTTER - 1)}└${'─'.repeat(COLUMNS)}`,
    ...markLines(marks, nightEndMs),
    axis(nightEndMs),
    '',
    ...marks.map(({ atMs, title, action }, nth) => {
      const what = action === null ? title : `${title} (${action})`;
      return `  ${letter(nth)} ${`${(atMs / 1000).toFixed(1)} s`.padStart(8)}  ${what}`;
    }),
  ];
}

function plot(perSecond: readonly number[], most: number): string[] {
  return Array.from({ length: ROWS }, (_, nth) => {
    const below = ROWS - 1 - nth;
    const label = nth === 0 ? String(Math.round(most)) : '';
    const cells = perSecond.map((value) => {
      const eighths = most > 0 ? (value / most) * ROWS * 8 : 0;
      // Few are not nobody: the lowest row shows everything above nothing.
      const shown = below === 0 && value > 1e-9 ? Math.max(1, Math.round(eighths)) : Math.round(eighths);
      return EIGHTHS[Math.min(8, Math.max(0, shown - 8 * below))];
    });
    return `${label.padStart(GUTTER - 2)} ${nth === 0 ? '┤' : '│'}${cells.join('')}`.trimEnd();
  });
}

/** A letter under each moment's column; where two share one, the later goes to the next line. */
function markLines(marks: readonly { readonly atMs: number }[], nightEndMs: number): string[] {
  const lines: string[][] = [];
  marks.forEach(({ atMs }, nth) => {
    const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor((atMs / nightEndMs) * COLUMNS)));
    let line = lines.find((cells) => cells[column] === ' ');
    if (line === undefined) {
      line = new Array<string>(COLUMNS).fill(' ');
      lines.push(line);
    }
    line[column] = letter(nth);
  });
  return lines.map((cells) => `${' '.repeat(GUTTER)}${cells.join('')}`.trimEnd());
}

function axis(nightEndMs: number): string {
  const end = `${nightEndMs / 1000} s`;
  return `${' '.repeat(GUTTER)}0 s${end.padStart(COLUMNS - 3)}`;
}

function letter(nth: number): string {
  return nth < 26 ? String.fromCharCode(97 + nth) : '*';
}
