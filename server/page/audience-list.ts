/** The audience on the page: fifty more at a time, from what is known, and then from the server's next page. */
import type { User } from '../protocol/messages.ts';
import type { Commands } from './person.ts';
import type { Seat } from './room.ts';
import { people } from './words.ts';

const PAGE_USERS = 50;

export class AudienceList {
  readonly #document: Document;
  readonly #list: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #note: HTMLElement;
  readonly #ownId: number;
  #commands: Commands | null = null;
  #shownMax = PAGE_USERS;
  #seat: Seat | null = null;
  readonly #items = new Map<number, HTMLLIElement>();

  constructor(document: Document, ownId: number) {
    this.#document = document;
    this.#ownId = ownId;
    this.#list = document.getElementById('audience')!;
    this.#more = document.getElementById('more') as HTMLButtonElement;
    this.#note = document.getElementById('audience-note')!;
    this.#more.addEventListener('click', () => this.#showMore());
    this.#list.addEventListener('click', ({ target }) => {
      const id = (target as Element).closest('button')?.dataset['person'];
      if (id !== undefined) this.#commands?.askProfile(Number(id));
    });
  }

  obey(commands: Commands): void {
    this.#commands = commands;
  }

  show(seat: Seat | null): void {
    const before = this.#seat;
    this.#seat = seat;
    if (seat === null || seat.room !== before?.room) this.#shownMax = PAGE_USERS;
    if (seat === null) {
      if (before !== null) this.#draw([]);
      return;
    }
    if (seat.audience !== before?.audience) this.#draw(seat.audience.slice(0, this.#shownMax));
    this.#showRest(seat);
  }

  #showMore(): void {
    const seat = this.#seat;
    if (seat === null) return;
    this.#shownMax += PAGE_USERS;
    if (seat.audience.length < this.#shownMax && seat.nextPage !== null)
      this.#commands?.askPage(seat.room, seat.nextPage);
    this.#draw(seat.audience.slice(0, this.#shownMax));
    this.#showRest(seat);
  }

  #showRest(seat: Seat): void {
    const shown = Math.min(this.#shownMax, seat.audience.length);
    const isMoreKnown = seat.audience.length > shown;
    this.#more.hidden = !isMoreKnown && seat.nextPage === null;
    this.#more.disabled = !isMoreKnown && this.#commands === null;
    const text = shown < seat.listeners ? `${shown} of ${people(seat.listeners)} shown` : '';
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }

  /** Elements of people who stay are kept, and so is the focus that may be on one. */
  #draw(users: readonly User[]): void {
    const ids = new Set(users.map(({ id }) => id));
    for (const [id, item] of this.#items) {
      if (ids.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    for (const user of users) {
      if (this.#items.has(user.id)) continue;
      const item = this.#item(user);
      this.#items.set(user.id, item);
      this.#list.append(item);
    }
  }

  #item({ id, name }: User): HTMLLIElement {
    const item = this.#document.createElement('li');
    const button = this.#document.createElement('button');
    button.type = 'button';
    button.dataset['person'] = `${id}`;
    button.disabled = this.#commands === null;
    const letter = this.#document.createElement('span');
    letter.className = 'letter';
    letter.ariaHidden = 'true';
    letter.style.setProperty('--hue', `${(id * 137) % 360}`);
    letter.textContent = [...name][0]?.toUpperCase() ?? '?';
    const who = this.#document.createElement('span');
    who.className = 'who';
    who.textContent = id === this.#ownId ? `${name} (you)` : name;
    button.append(letter, who);
    item.append(button);
    return item;
  }
}
