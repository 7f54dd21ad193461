/**
 * What the page remembers of its person. The name outlives the browser; the rest lives as long as the tab, so that
 * a page that is loaded again comes back to its seat, and two tabs are two people.
 */
const NAME = 'roomrush.name';
const PERSON = 'roomrush.person';
const TICKET = 'roomrush.ticket';
const ATTEMPT = 'roomrush.attempt';

/** Ids from here on are people with the room page; `reports/oracles` knows them by it. */
const GUESTS_FROM = 2 ** 31;

export type Memory = {
  /**
   * Drawn once a tab: a guest's id, 31 random bits and the highest set. A crowd plan numbers its people from 0, so that
   * nobody of a crowd is displaced, and the checks of a night tell a guest, who writes no rows, from a lost listener.
   */
  readonly personId: number;
  name: string;
  ticket: string | null;
  nextAttempt(): number;
};

export function openMemory(lasting: Storage, tab: Storage): Memory {
  return {
    personId: personIn(tab),
    get name() {
      return lasting.getItem(NAME) ?? '';
    },
    set name(name) {
      lasting.setItem(NAME, name);
    },
    get ticket() {
      return tab.getItem(TICKET);
    },
    set ticket(ticket) {
      if (ticket === null) tab.removeItem(TICKET);
      else tab.setItem(TICKET, ticket);
    },
    nextAttempt() {
      const attempt = Number(tab.getItem(ATTEMPT) ?? 0) + 1;
      tab.setItem(ATTEMPT, `${attempt}`);
      return attempt;
    },
  };
}

function personIn(tab: Storage): number {
  const known = tab.getItem(PERSON);
  if (known !== null) return Number(known);
  const [drawn] = crypto.getRandomValues(new Uint32Array(1));
  const personId = (drawn! | GUESTS_FROM) >>> 0;
  tab.setItem(PERSON, `${personId}`);
  return personId;
}
