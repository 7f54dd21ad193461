/**
 * The room page, put together: hands (a connection and a loudspeaker), a driver that decides, and what there is to
 * see. What happens goes to the view's state first and to the driver next, so that what the driver does about it
 * comes after it in both.
 */
import { config } from 'zod';
import type { MakePageDriver, PageDriver, PageHands } from '../protocol/page.ts';
import { Loudspeaker } from './audio.ts';
import { Link } from './link.ts';
import { openMemory } from './memory.ts';
import { Person } from './person.ts';
import { AT_FIRST, type PageEvent, reduce } from './room.ts';
import { readSaid } from './said.ts';
import { type Controls, View } from './view.ts';

declare global {
  interface Window {
    /** Set before the page loads, it takes the person's place (`server/protocol/page.ts`). */
    roomrushDriver?: MakePageDriver;
  }
}

// zod would make its parsers from text, which the page's content policy forbids.
config({ jitless: true });

const memory = openMemory(localStorage, sessionStorage);
let state = AT_FIRST;
let driver: PageDriver | null = null;
let isToBeShown = false;

function tell(event: PageEvent): void {
  state = reduce(state, event);
  if (isToBeShown) return;
  isToBeShown = true;
  // Many frames, one drawing; a timer runs in a tab that nobody looks at, too.
  setTimeout(() => {
    isToBeShown = false;
    view.show(state);
  }, 0);
}

const link = new Link(new URL('/signal', location.href.replace(/^http/, 'ws')).href, {
  opened() {
    tell({ type: 'opened' });
    driver?.opened();
  },
  refused() {
    tell({ type: 'refused' });
    driver?.refused();
  },
  closed() {
    tell({ type: 'closed' });
    driver?.closed();
  },
  frame(text) {
    const said = readSaid(text);
    if (said !== null) tell({ type: 'said', said });
    driver?.frame(text);
  },
});

const loudspeaker = new Loudspeaker({
  mediaAnswer: (answer) => driver?.mediaAnswer(answer),
  ice: () => driver?.ice(),
  dtls: () => driver?.dtls(),
  firstPacket() {
    tell({ type: 'sound', sound: 'flowing' });
    driver?.firstPacket();
  },
  audible() {
    tell({ type: 'sound', sound: 'audible' });
    driver?.audible();
  },
  lost() {
    tell({ type: 'sound', sound: 'lost' });
    driver?.mediaLost();
  },
  blocked: () => tell({ type: 'sound-blocked', blocked: true }),
});

const hands: PageHands = {
  dial() {
    tell({ type: 'dialled' });
    link.dial();
  },
  send(frame) {
    tell({ type: 'sent', frame });
    link.send(frame);
  },
  close() {
    tell({ type: 'hung-up' });
    link.close();
  },
  connectMedia: (offer) => loudspeaker.connect(offer),
  closeMedia: () => loudspeaker.close(),
  silence() {
    link.silence();
    loudspeaker.silence();
  },
  audioStats: () => loudspeaker.stats(),
};

const controls: Controls = {
  mute(muted) {
    loudspeaker.muted = muted;
  },
  play() {
    tell({ type: 'sound-blocked', blocked: false });
    loudspeaker.play();
  },
  stats: () => loudspeaker.stats(),
  closeProfile: () => tell({ type: 'profile-closed' }),
};

const makeDriver = window.roomrushDriver;
const view = new View(document, controls, memory);
if (makeDriver === undefined) {
  const person = new Person(hands, memory, tell);
  driver = person;
  view.obey(person);
} else {
  driver = makeDriver(hands);
}
view.show(state);
