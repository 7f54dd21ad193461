/**
 * From the page's state to its elements, and from its buttons to commands. Every scene is a section of the page;
 * one is shown, and focus goes to its heading when it changes, so that a screen reader and a keyboard follow.
 */
import { AudienceList } from './audience-list.ts';
import { LevelMeter } from './level-meter.ts';
import type { Memory } from './memory.ts';
import type { Commands } from './person.ts';
import { ProfileDialog } from './profile-dialog.ts';
import type { PageState, Scene } from './room.ts';
import {
  kindOfRoom,
  outText,
  people,
  problemText,
  ROOM_WORDS,
  SOUND_WORDS,
  span,
  waitText,
} from './words.ts';

/** What the page does for its reader alone, whoever drives it. */
export type Controls = {
  mute(muted: boolean): void;
  play(): void;
  stats(): Promise<RTCInboundRtpStreamStats | null>;
  closeProfile(): void;
};

const SCENES: readonly Scene[] = ['hallway', 'joining', 'waiting', 'full', 'room', 'out', 'displaced'];
const COUNTDOWN_MS = 500;
const LINK_WORDS = { up: 'connected', dialling: 'connecting', down: 'not connected' } as const;

export class View {
  readonly #document: Document;
  readonly #audience: AudienceList;
  readonly #meter: LevelMeter;
  readonly #profile: ProfileDialog;
  #shown: PageState | null = null;

  constructor(document: Document, controls: Controls, memory: Memory) {
    this.#document = document;
    this.#audience = new AudienceList(document, memory.personId);
    this.#meter = new LevelMeter(this.#element('level'), controls.stats);
    this.#profile = new ProfileDialog(document, controls.closeProfile);
    this.#element<HTMLInputElement>('name').value = memory.name;
    this.#element('driven').hidden = false;
    for (const button of this.#commandButtons()) button.disabled = true;
    const mute = this.#element('mute');
    mute.addEventListener('click', () => {
      const muted = mute.getAttribute('aria-pressed') !== 'true';
      mute.setAttribute('aria-pressed', `${muted}`);
      controls.mute(muted);
    });
    this.#element('play').addEventListener('click', () => controls.play());
    setInterval(() => this.#countDown(), COUNTDOWN_MS);
  }

  /** Makes the buttons mean something; without it the page can only be watched. */
  obey(commands: Commands): void {
    this.#element('driven').hidden = true;
    for (const button of this.#commandButtons()) button.disabled = false;
    const join = (): void => {
      const name = this.#element<HTMLInputElement>('name').value.trim();
      if (name !== '') commands.join(name);
    };
    this.#element('join').addEventListener('submit', (event) => {
      event.preventDefault();
      join();
    });
    this.#element('here').addEventListener('click', join);
    this.#element('hand').addEventListener('click', () => {
      const { seat } = this.#shown ?? { seat: null };
      if (seat !== null) commands.raiseHand(!seat.handRaised);
    });
    for (const button of this.#document.querySelectorAll<HTMLButtonElement>('[data-command]')) {
      const command = button.dataset['command'] as 'leave' | 'tryNow';
      button.addEventListener('click', () => commands[command]());
    }
    this.#audience.obey(commands);
  }

  show(state: PageState): void {
    const before = this.#shown;
    this.#shown = state;
    this.#showLink(state);
    if (before?.rooms !== state.rooms) this.#showRooms(state);
    this.#text('problem', state.problem === null ? '' : problemText(state.problem));
    this.#text('joining-text', state.isReturning ? 'Asking for your seat again.' : 'Asking for a seat.');
    if (state.waiting !== null) {
      this.#text('position', state.waiting.position.toLocaleString('en'));
      this.#text('estimate', waitText(state.waiting.estimatedWaitMs));
    }
    if (state.out !== null) this.#text('out-cause', outText(state.out.cause, state.out.heldForMs));
    this.#showSeat(state);
    this.#profile.show(state.profile);
    this.#countDown();
    if (before?.scene !== state.scene) this.#change(state.scene, before !== null);
    if (before?.polite !== state.polite) this.#text('polite', state.polite.text);
    if (before?.assertive !== state.assertive) this.#text('assertive', state.assertive.text);
  }

  #change(scene: Scene, hasFocus: boolean): void {
    for (const one of SCENES) this.#element(one).hidden = one !== scene;
    this.#element('main').dataset['scene'] = scene;
    if (hasFocus) this.#element(`${scene}-heading`).focus();
  }

  #showLink({ link }: PageState): void {
    this.#element('link').dataset['link'] = link;
    this.#text('link', LINK_WORDS[link]);
  }

  #showRooms({ rooms }: PageState): void {
    const items = rooms.map(({ title, kind, listeners, seats }) => {
      const item = this.#document.createElement('li');
      const name = this.#document.createElement('span');
      name.className = 'name';
      name.textContent = title;
      const facts = this.#document.createElement('span');
      facts.className = 'note';
      const of = seats === null ? '' : ` of ${seats.toLocaleString('en')} seats`;
      facts.textContent = `${kind} · ${listeners.toLocaleString('en')}${of || ' listening'}`;
      item.append(name, facts);
      return item;
    });
    this.#element('rooms').replaceChildren(...items);
    this.#element('no-rooms').hidden = rooms.length > 0;
    const main = rooms.find(({ kind }) => kind === 'main');
    if (main !== undefined) this.#text('title', main.title);
  }

  #showSeat({ rooms, seat, soundBlocked }: PageState): void {
    this.#meter.runs = seat !== null && seat.sound !== 'none' && seat.sound !== 'lost';
    this.#audience.show(seat);
    if (seat === null) return;
    const kind = kindOfRoom(rooms, seat.room);
    const heading =
      kind === 'main' ? 'The main room' : kind === 'overflow' ? 'An overflow room' : 'A parallel room';
    this.#text('room-heading', heading);
    this.#text('room-kind', `${people(seat.listeners)} in ${ROOM_WORDS[kind]}, seat ${seat.seat}`);
    this.#element('room').dataset['room'] = seat.room;
    this.#text('sound', SOUND_WORDS[seat.sound]);
    this.#element('sound').dataset['sound'] = seat.sound;
    this.#element('blocked').hidden = !soundBlocked;
    const hand = this.#element('hand');
    hand.setAttribute('aria-pressed', `${seat.handRaised}`);
    this.#text('hand', seat.handRaised ? 'Lower hand' : 'Raise hand');
    this.#text('hands', seat.hands === 0 ? '' : `${people(seat.hands)} with a hand up`);
  }

  /** No live region: a screen reader would read every second. */
  #countDown(): void {
    const { triesAgainAtMs, link } = this.#shown ?? { triesAgainAtMs: null, link: 'down' };
    for (const place of this.#document.querySelectorAll<HTMLElement>('[data-countdown]')) {
      if (triesAgainAtMs === null) setText(place, link === 'dialling' ? 'Connecting.' : '');
      else setText(place, `${place.dataset['countdown']} ${span(triesAgainAtMs - performance.now())}.`);
    }
  }

  #commandButtons(): HTMLButtonElement[] {
    const ids = '#join button, #here, #hand, [data-command]';
    return [...this.#document.querySelectorAll<HTMLButtonElement>(ids)];
  }

  #text(id: string, text: string): void {
    setText(this.#element(id), text);
  }

  #element<E extends HTMLElement>(id: string): E {
    const found = this.#document.getElementById(id);
    if (found === null) throw new Error(`expected an element #${id} in index.html; there is none`);
    return found as E;
  }
}

/** A live region reads what is written into it, even when it is the same. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
