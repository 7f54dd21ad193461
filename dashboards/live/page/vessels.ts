/** Rooms as vessels that fill: the main room, overflow and parallel ones, each with its seats in words. */
import { format, listed } from '../../../reports/render/format.ts';
import type { LiveRoom, SecondFrame } from '../frames.ts';
import { attributeOnce, element, textOnce } from './dom.ts';
import { type Body, makeFigure } from './figure.ts';
import { ROOM_KIND_NAME } from './names.ts';
import { nightOf } from './state.ts';
import { nightTable } from './tables.ts';

const KINDS = ['main', 'overflow', 'parallel'] as const satisfies readonly LiveRoom['kind'][];

export function roomsFigure(nth: number): Body {
  return makeFigure({
    id: `rooms-${nth}`,
    title: 'Rooms, and how full they are',
    nth,
    now: (view) => roomsInWords(nightOf(view, nth)?.seconds.at(-1)),
    bodies: [vesselList(nth)],
    table: nightTable(
      nth,
      KINDS.flatMap((kind) => [`in ${ROOM_KIND_NAME[kind]}s`, 'seats']),
      ({ last }) =>
        KINDS.flatMap((kind) => {
          const sums = sumsOf(last.rooms, kind);
          return [format(sums?.taken, 'people'), format(sums?.seats, 'people')];
        }),
    ),
  });
}

function roomsInWords(second: SecondFrame | undefined): string {
  if (second === undefined) return 'No room is open yet.';
  const { rooms } = second;
  if (rooms === null) return 'This server does not tell its rooms.';
  if (rooms.length === 0) return 'No room is open.';
  const parts = KINDS.flatMap((kind) => {
    const sums = sumsOf(rooms, kind)!;
    if (sums.rooms === 0) return [];
    const where = sums.rooms === 1 ? `the ${ROOM_KIND_NAME[kind]}` : `${sums.rooms} ${ROOM_KIND_NAME[kind]}s`;
    return [`${format(sums.taken, 'people')} of ${format(sums.seats, 'people')} seats in ${where}`];
  });
  return `Now: ${listed(parts)}.`;
}

function vesselList(nth: number): Body {
  const list = element('ul', { class: 'vessels' });
  const vessels = new Map<string, HTMLLIElement>();
  return {
    element: list,
    show(view) {
      const rooms = nightOf(view, nth)?.seconds.at(-1)?.rooms ?? [];
      list.hidden = rooms.length === 0;
      const ids = new Set(rooms.map(({ id }) => id));
      for (const [id, vessel] of vessels) {
        if (ids.has(id)) continue;
        vessel.remove();
        vessels.delete(id);
      }
      for (const room of rooms) {
        const vessel = vessels.get(room.id) ?? list.appendChild(makeVessel());
        vessels.set(room.id, vessel);
        fill(vessel, room);
      }
    },
    reset() {
      vessels.clear();
      list.replaceChildren();
    },
  };
}

function makeVessel(): HTMLLIElement {
  const vessel = element('li');
  const glass = element('div', { class: 'glass', 'aria-hidden': 'true' });
  glass.append(element('div', { class: 'fill' }));
  vessel.append(
    glass,
    element('span', { class: 'kind' }),
    element('bdi', { class: 'room' }),
    element('span', { class: 'seats' }),
  );
  return vessel;
}

function fill(vessel: HTMLLIElement, { id, kind, taken, seats }: LiveRoom): void {
  const [glass, kindName, name, words] = vessel.children;
  const over = taken - seats;
  attributeOnce(vessel, 'data-kind', kind);
  attributeOnce(vessel, 'data-room', id);
  vessel.classList.toggle('over', over > 0);
  const share = seats > 0 ? Math.min(1, taken / seats) : 0;
  // Through the object model, as a style in the text of the page would need a hole in its content policy.
  (glass!.firstElementChild as HTMLElement).style.height = `${(100 * share).toFixed(1)}%`;
  // Most rooms are called by their kind and a number.
  textOnce(kindName!, id.startsWith(`${kind}-`) ? '' : ROOM_KIND_NAME[kind]);
  textOnce(name!, kind === 'main' ? '' : id);
  const more = over > 0 ? `, ${format(over, 'people')} too many` : '';
  textOnce(words!, `${format(taken, 'people')} of ${format(seats, 'people')} seats${more}`);
}

function sumsOf(rooms: readonly LiveRoom[] | null, kind: LiveRoom['kind']) {
  if (rooms === null) return null;
  const of = rooms.filter((room) => room.kind === kind);
  return {
    rooms: of.length,
    taken: of.reduce((sum, { taken }) => sum + taken, 0),
    seats: of.reduce((sum, { seats }) => sum + seats, 0),
  };
}
