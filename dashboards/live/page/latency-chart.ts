/** How long it took to come in, by phase, of those who came in at that time. */
import { clock, format, listed } from '../../../reports/render/format.ts';
import { PHASES } from '../../../simulator/listener/tally.ts';
import { drawBars } from './bars.ts';
import { type Body, chartBody, makeFigure } from './figure.ts';
import { LIVE_PHASE_COLOUR, PHASE_NAME } from './names.ts';
import { type Stretch, spanSeconds, stretches } from './series.ts';
import { type LiveView, nightOf } from './state.ts';
import { nightTable } from './tables.ts';

export function latencyFigure(nth: number): Body {
  return makeFigure({
    id: `latency-${nth}`,
    title: 'Join latency by phase, mean of those who came in',
    nth,
    now: (view) => latencyInWords(view, nth),
    bodies: [
      chartBody(
        '',
        (view) => [nightOf(view, nth), spanSeconds(view)],
        (canvas, inks, first) => drawBars(canvas, inks, first, { nth, layers: () => LAYERS, unit: 'ms' }),
      ),
    ],
    table: nightTable(nth, ['came in', ...PHASES.map((phase) => PHASE_NAME[phase])], ({ joins, phaseMs }) => [
      format(joins, 'people'),
      ...PHASES.map((phase) => format(phaseMs[phase], 'ms')),
    ]),
  });
}

const LAYERS = PHASES.map((phase) => ({
  id: phase,
  label: PHASE_NAME[phase],
  colour: LIVE_PHASE_COLOUR[phase],
  y: ({ phaseMs }: Stretch) => phaseMs[phase],
}));

/** Of the last time that anybody came in. */
function latencyInWords(view: LiveView, nth: number): string {
  const found = stretches(nightOf(view, nth)?.seconds ?? [], 1000).findLast(({ phaseMs }) =>
    PHASES.some((phase) => phaseMs[phase] !== null),
  );
  if (found === undefined) return 'Nobody has come in yet.';
  const parts = PHASES.flatMap((phase) => {
    const ms = found.phaseMs[phase];
    return ms === null ? [] : [{ phase, ms }];
  });
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  const longest = [...parts]
    .filter(({ ms }) => ms > 0)
    .sort((one, other) => other.ms - one.ms)
    .slice(0, 2)
    .map(({ phase, ms }) => `${format(ms, 'ms')} ${PHASE_NAME[phase]}`);
  const most = longest.length === 0 ? '' : `, most of it ${listed(longest)}`;
  return `At ${clock(found.last.nightMs)}: ${format(total, 'ms')}${most}.`;
}
