/** Which parts the page has: those of each night, and one of all nights where there are several. */
import { compareFigure } from './compare-chart.ts';
import { cpuFigure } from './cpu-chart.ts';
import { crowdFigure } from './crowd-chart.ts';
import { lateFigure, probeFigure } from './doubts-charts.ts';
import type { Body } from './figure.ts';
import { nightCard } from './headline.ts';
import { latencyFigure } from './latency-chart.ts';
import { lossesFigure } from './losses-chart.ts';
import { objectivesPanel } from './objectives.ts';
import { isOpenHouse, type LiveView, type NightView } from './state.ts';
import { roomsFigure } from './vessels.ts';

/** Where in the page each part of a night goes. */
const OF_NIGHT: Readonly<Record<string, (nth: number) => Body>> = {
  cards: nightCard,
  crowds: crowdFigure,
  rooms: roomsFigure,
  promises: objectivesPanel,
  latencies: latencyFigure,
  losses: lossesFigure,
  cpus: cpuFigure,
  probes: probeFigure,
  lates: lateFigure,
};

/** What the server alone can tell. */
const OF_OPEN_HOUSE: ReadonlySet<string> = new Set(['cards', 'crowds', 'rooms', 'cpus']);

type Part = { readonly key: string; readonly body: Body };

export class Parts {
  #parts: readonly Part[] = [];
  #telling = 0;

  show(view: LiveView): void {
    if (this.#telling !== view.telling) this.reset();
    this.#telling = view.telling;
    const wanted = wantedOf(view);
    for (const { key, body } of this.#parts) {
      if (wanted.has(key)) continue;
      body.reset();
      body.element.remove();
    }
    const before = new Map(this.#parts.map((part) => [part.key, part]));
    this.#parts = [...wanted].map(([key, { place, make }]) => before.get(key) ?? put(key, place, make()));
    for (const section of document.querySelectorAll<HTMLElement>('main > section'))
      section.hidden = section.querySelector('figure') === null;
    for (const { body } of this.#parts) body.show(view);
  }

  /** What was drawn is of no use any more. */
  reset(): void {
    for (const { body } of this.#parts) body.reset();
  }
}

type Wanted = { readonly place: string; readonly make: () => Body };

function wantedOf({ nights }: LiveView): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const night of nights) {
    const { nth } = night.plan;
    for (const [place, make] of placesOf(night))
      wanted.set(`${place} ${nth} ${isOpenHouse(night)}`, { place, make: () => make(nth) });
  }
  const nths = nights.map(({ plan }) => plan.nth);
  if (nths.length > 1)
    wanted.set(`all ${nths.join(' ')}`, { place: 'comparison', make: () => compareFigure(nths) });
  return wanted;
}

function placesOf(night: NightView) {
  const all = Object.entries(OF_NIGHT);
  return isOpenHouse(night) ? all.filter(([place]) => OF_OPEN_HOUSE.has(place)) : all;
}

function put(key: string, place: string, body: Body): Part {
  document.getElementById(place)!.append(body.element);
  return { key, body };
}
