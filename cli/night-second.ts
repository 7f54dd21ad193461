/** What the terminal tells of one second of a night: as two lines that fit, and as one plain line. */
import type { Observation } from '../rehearsal/night.ts';
import { cut, type Paint, type Style, widthOf } from '../reports/render/columns.ts';
import { bars, type Door } from './door.ts';

export type NightSecond = Extract<Observation, { readonly type: 'second' }>;

/** What stands around the second itself. */
export type Surroundings = {
  /** The build, or the policy. */
  readonly label: string;
  readonly door: Door;
  /** Until the last night of a comparison ends; null: there is only this one. */
  readonly allLeftMs: number | null;
  /** What bars are made of, from none to most. */
  readonly barSigns: string;
  readonly paint: Paint;
};

/** Words that are shown when there is room for them: those of a lower rank go first. */
type Part = { readonly text: string; readonly rank: number; readonly style?: Style };

const GAP = '  ';
const LABEL_MAX = 20;
const BARS_MIN = 8;
const BARS_MAX = 30;
/** More than one in a hundred people who set out late make a run void. */
const LATE_SHARE_MAX = 0.01;

/** Two lines of at most `width` columns: time and door, people and machine. */
export function statusLines(second: NightSecond, around: Surroundings, width: number): readonly string[] {
  const times = fitting(timeParts(second, around), width);
  const used = widthOf(times.map(({ text }) => text).join(GAP));
  const door = doorText(around, width - used - GAP.length);
  const first = door === '' ? times : [...times, { text: door, rank: 0 }];
  return [first, fitting([...peopleParts(second), ...machineParts(second)], width)].map((parts) =>
    parts.map(({ text, style }) => (style === undefined ? text : around.paint(style, text))).join(GAP),
  );
}

/** Everything, in one line however long. */
export function plainLine(second: NightSecond, around: Surroundings): string {
  const groups = [
    timeParts(second, around),
    peopleParts(second),
    [{ text: `door ${rateText(around.door)}, ${mostText(around.door)}` }],
    machineParts(second),
  ];
  return groups.map((parts) => parts.map(({ text }) => text).join(' ')).join(' | ');
}

export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Rounded up: an estimate that is too short is the worse one. */
function leftClock(ms: number): string {
  return clock(Math.ceil(ms / 1000) * 1000);
}

/** By their rank as long as they fit, in their own order. */
function fitting(parts: readonly Part[], width: number): readonly Part[] {
  const byRank = [...parts].sort((one, other) => one.rank - other.rank);
  const taken = new Set<Part>();
  let used = 0;
  for (const part of byRank) {
    used += widthOf(part.text) + (taken.size > 0 ? GAP.length : 0);
    if (used > width) break;
    taken.add(part);
  }
  if (taken.size === 0) return byRank.slice(0, 1).map((part) => ({ ...part, text: cut(part.text, width) }));
  return parts.filter((part) => taken.has(part));
}

function timeParts({ nightMs, nightEndMs }: NightSecond, { label, allLeftMs }: Surroundings): Part[] {
  const leftMs = Math.max(0, nightEndMs - nightMs);
  const times: Part[] = [
    { text: cut(label, LABEL_MAX), rank: 2 },
    { text: `${clock(nightMs)}/${clock(nightEndMs)}`, rank: 0 },
    { text: `${leftClock(leftMs)} left`, rank: 1 },
  ];
  if (allLeftMs !== null) times.push({ text: `all ${leftClock(Math.max(leftMs, allLeftMs))}`, rank: 3 });
  return times;
}

function peopleParts({ counters }: NightSecond): Part[] {
  const sum = (...names: readonly string[]) =>
    names.reduce((total, name) => total + (counters[name] ?? 0), 0);
  const [arrived, late, ejected] = [sum('arrived'), sum('late'), sum('ejected')];
  const parts: Part[] = [
    { text: `arrived ${whole(arrived)}`, rank: 10 },
    { text: `in ${whole(sum('in'))}`, rank: 0 },
    { text: `waiting ${whole(sum('waiting'))}`, rank: 3 },
    { text: `joining ${whole(sum('dialing', 'pausing'))}`, rank: 4 },
    { text: `ejected ${whole(ejected)}`, rank: 1, ...(ejected > 0 ? { style: 'red' as const } : {}) },
    { text: `gave up ${whole(sum('gaveUp'))}`, rank: 5 },
  ];
  if (late > arrived * LATE_SHARE_MAX)
    parts.push({ text: `set out late ${whole(late)}!`, rank: 2, style: 'yellow' });
  return parts;
}

function machineParts({ sample, probeMs }: NightSecond): Part[] {
  const parts: Part[] = [];
  if (sample !== null) {
    const cpu = (isMeant: (name: string) => boolean) => {
      const used = [...sample.cpuMs].filter(([name]) => isMeant(name));
      return `${Math.round((100 * used.reduce((sum, [, ms]) => sum + ms, 0)) / sample.elapsedMs)}%`;
    };
    parts.push(
      { text: `server ${cpu((name) => name === 'server')}`, rank: 6 },
      { text: `worker ${cpu((name) => name === 'worker')}`, rank: 8 },
      { text: `swarm ${cpu((name) => name.startsWith('swarm-'))}`, rank: 7 },
    );
  }
  return [...parts, { text: `ping ${probeMs === null ? '-' : Math.round(probeMs)} ms`, rank: 9 }];
}

/** With as many bars as there is room for, or the number alone, or nothing. */
function doorText({ door, barSigns }: Surroundings, room: number): string {
  const isBlank = barSigns.startsWith(' ');
  const barsText = (width: number) => {
    const drawn = bars(door.perSecond, door.most, width, barSigns);
    return isBlank ? `[${drawn}]` : drawn;
  };
  const all = `door ${barsText(BARS_MAX)} ${rateText(door)}, ${mostText(door)}`;
  if (widthOf(all) <= room) return all;
  const bare = `door ${rateText(door)}`;
  const width = Math.min(BARS_MAX, room - bare.length - 1 - (isBlank ? 2 : 0));
  if (width >= BARS_MIN) return `door ${barsText(width)} ${rateText(door)}`;
  return bare.length <= room ? bare : '';
}

function rateText({ perSecond }: Door): string {
  return `${whole(perSecond.at(-1) ?? 0)}/s`;
}

function mostText({ most }: Door): string {
  return `most ${whole(most)}/s`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
