/** CPU of the server and of who plays the crowd, with the lines beyond which a night is void. */
import { PROCESS_COLOUR, runColour } from '../../../reports/palette.ts';
import { format, NONE } from '../../../reports/render/format.ts';
import { CORE_BUSY_SHARE, FOREIGN_CPU_SHARE_MAX } from '../../../reports/void-limits.ts';
import type { SecondFrame } from '../frames.ts';
import { type Body, chartBody, makeFigure } from './figure.ts';
import { drawLines, type Line } from './lines.ts';
import { spanSeconds } from './series.ts';
import { isOpenHouse, type NightView, nightOf } from './state.ts';
import { nightTable } from './tables.ts';

type Cpu = NonNullable<SecondFrame['cpu']>;

type Share = {
  readonly of: keyof Cpu;
  readonly label: string;
  readonly colour: string;
  readonly dash: readonly number[];
};

const CORE_BUSY_PERCENT = 100 * CORE_BUSY_SHARE;
const FOREIGN_PERCENT = 100 * FOREIGN_CPU_SHARE_MAX;
const VOID_LEVELS = [
  { at: CORE_BUSY_PERCENT, text: `void: core above ${CORE_BUSY_PERCENT} %` },
  { at: FOREIGN_PERCENT, text: `void: others above ${FOREIGN_PERCENT} %` },
] as const;

const OF_SERVER: readonly Share[] = [
  { of: 'server', label: 'server', colour: PROCESS_COLOUR.server, dash: [] },
  { of: 'worker', label: 'media worker', colour: PROCESS_COLOUR.worker, dash: [6, 4] },
];

const OF_ALL: readonly Share[] = [
  ...OF_SERVER,
  { of: 'swarm', label: 'crowd', colour: runColour(2), dash: [2, 3] },
  { of: 'swarmCoreBusy', label: "the crowd's core in all", colour: runColour(3), dash: [8, 3, 2, 3] },
  { of: 'foreign', label: 'others, on either core', colour: runColour(0), dash: [1, 3] },
];

export function cpuFigure(nth: number): Body {
  return makeFigure({
    id: `cpu-${nth}`,
    title: 'CPU, each second',
    nth,
    now: (view) => cpuInWords(nightOf(view, nth)),
    bodies: [
      chartBody(
        '',
        (view) => [nightOf(view, nth), spanSeconds(view)],
        (canvas, inks, first) =>
          drawLines(canvas, inks, first, {
            lines: sharesOf(nightOf(first, nth)).map(
              ({ of, label, colour, dash }): Line => ({
                label,
                nth,
                colour,
                dash,
                y: ({ cpu }) => (cpu === null ? null : 100 * cpu[of]),
              }),
            ),
            unit: '% of a core',
            most: 100,
            levels: sharesOf(nightOf(first, nth)) === OF_ALL ? VOID_LEVELS : [],
          }),
      ),
    ],
    table: nightTable(
      nth,
      OF_ALL.map(({ label }) => label),
      ({ last }, night) =>
        OF_ALL.map(({ of }) =>
          sharesOf(night).some((one) => one.of === of) ? format(last.cpu?.[of], 'share') : NONE,
        ),
    ),
  });
}

function cpuInWords(night: NightView | undefined): string {
  const last = night?.seconds.at(-1);
  if (last === undefined) return 'Nothing was measured yet.';
  const { cpu } = last;
  if (cpu === null) return 'CPU is not known yet, or not on this machine.';
  const parts = sharesOf(night).map(({ of, label }) => `${label} ${format(cpu[of], 'share')}`);
  return `Now: ${parts.join(', ')} of a core.`;
}

/** Where there is no crowd of ours, only the server is looked at. */
function sharesOf(night: NightView | undefined): readonly Share[] {
  return night !== undefined && isOpenHouse(night) ? OF_SERVER : OF_ALL;
}
