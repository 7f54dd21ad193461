/**
 * A second server, deliberately minimal, that speaks the protocol and shares nothing with ours: written from
 * docs/reference/protocol.md alone, so that a night against it shows what the document leaves out. One room, first
 * come first served, no queue, no audio: `node tests/second-server/server.ts '{"seats":30}'`.
 *
 * It keeps a ledger of what it did, the known truth that a run's figures are held against: a line of JSON with its
 * port when it listens, and the ledger as another when its standard input ends.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const DEFAULTS = { seats: 100, port: 0, retryAfterMs: 1_000, holdMs: 2_000, silenceMs: 10_000 };
const options: typeof DEFAULTS = { ...DEFAULTS, ...JSON.parse(process.argv[2] ?? '{}') };
const { seats, holdMs } = options;
const NOTHING_DONE = { asked: 0, seated: 0, resumed: 0, full: 0, bye: 0, lost: 0, hands: 0, profiles: 0 };

const newPerson = (id: number) => ({
  ...{ id, ledger: { ...NOTHING_DONE }, name: '', isHandUp: false },
  ...{ profile: null as object | null, seat: null as number | null, line: null as Line | null },
  /** The one that is good now. */
  ticket: null as string | null,
  hold: undefined as NodeJS.Timeout | undefined,
});
type Person = ReturnType<typeof newPerson>;
type Line = { readonly socket: WebSocket; person: Person | null; heardAtMs: number; strikes: number };
/** Every field of every head: which are there depends on the letter. */
type Head = Record<'v' | 'personId' | 'page' | 'n' | 'id', number> &
  Record<'name' | 'room', string> & { ticket?: string; profile?: object; raised: boolean };

const people = new Map<number, Person>();
const free = Array.from({ length: seats }, (_, nth) => seats - nth);
const lines = new Set<Line>();
let tickets = 0;
let takenMax = 0;
let came: Person[] = [];
let went: number[] = [];

const inside = () => [...people.values()].filter(({ line }) => line !== null);
const users = () => inside().map(({ id, name }) => ({ id, name }));
const hallway = () => ({
  rooms: [{ room: 'main', title: 'A second room', kind: 'main', listeners: inside().length, seats }],
});

function say({ socket }: Line, letter: string, head: object, bulk?: object): void {
  socket.send(letter + JSON.stringify(head) + (bulk === undefined ? '' : `\n${JSON.stringify(bulk)}`));
}

const wrong = (line: Line, code: string) => say(line, 'X', { code, message: `this was a ${code}` });

function strike(line: Line, code: string): void {
  wrong(line, code);
  line.strikes += 1;
  if (line.strikes < 3) return;
  wrong(line, 'three-strikes');
  line.socket.close(1008);
}

/** The seat is free again, for whoever asks next. */
function release(person: Person): void {
  clearTimeout(person.hold);
  if (person.seat !== null) free.push(person.seat);
  Object.assign(person, { seat: null, ticket: null });
}

/** Out of the room: for good after a bye; else the seat is held for a while. */
function leave(line: Line, how: 'bye' | 'lost'): void {
  const { person } = line;
  line.person = null;
  if (person === null) return;
  person.ledger[how] += 1;
  Object.assign(person, { line: null, isHandUp: false });
  went.push(person.id);
  if (how === 'bye') release(person);
  else person.hold = setTimeout(release, holdMs, person);
}

function ask(line: Line, head: Head): void {
  const person = people.get(head.personId) ?? newPerson(head.personId);
  people.set(person.id, person);
  Object.assign(person, { name: head.name, profile: head.profile ?? null });
  person.ledger.asked += 1;
  if (person.line !== null) {
    // The same person on another connection: that one ends, and its seat is held for this one.
    say(person.line, 'E', { cause: 'displaced', ticket: null, heldForMs: null });
    person.line.socket.close();
    leave(person.line, 'lost');
  }
  const resumed = head.ticket !== undefined && head.ticket === person.ticket;
  if (head.ticket !== undefined && !resumed) wrong(line, 'ticket-expired');
  if (!resumed) release(person);
  clearTimeout(person.hold);
  const seat = person.seat ?? free.pop();
  if (seat === undefined) {
    person.ledger.full += 1;
    say(line, 'F', { room: 'main', retryAfterMs: options.retryAfterMs });
    return;
  }
  Object.assign(person, { seat, line, ticket: `ticket-${++tickets}` });
  line.person = person;
  person.ledger[resumed ? 'resumed' : 'seated'] += 1;
  takenMax = Math.max(takenMax, seats - free.length);
  came.push(person);
  const audience = { listeners: inside().length, rosterPages: 0, media: null };
  say(
    line,
    'S',
    { room: 'main', seat, resumed, ticket: person.ticket, heldForMs: holdMs, ...audience },
    users(),
  );
}

/** Messages that make sense at any time, by letter. */
const ANYWHERE: Record<string, (line: Line, head: Head) => void> = {
  h: (line) => say(line, 'H', hallway()),
  a: (line, head) => {
    if (head.v !== 1) wrong(line, 'unsupported-version');
    else if (head.room !== 'main') wrong(line, 'unknown-room');
    else if (line.person !== null) wrong(line, 'wrong-state');
    else ask(line, head);
  },
  // Nobody opens a room of their own here.
  o: (line) => say(line, 'F', { room: 'main', retryAfterMs: null }),
  // There is no media, and so nothing to connect.
  c: (line) => wrong(line, 'wrong-state'),
  b: (line, { n }) => say(line, 'B', { n }),
  q: (line) => {
    leave(line, 'bye');
    say(line, 'Q', {});
    line.socket.close();
  },
};
/** Those of somebody in a seat. */
const IN_A_SEAT: Record<string, (line: Line, head: Head, person: Person) => void> = {
  r: (line, { page }) => say(line, 'R', { room: 'main', page, pages: 1 }, page === 0 ? users() : []),
  g: (line, { raised }, person) => {
    person.ledger.hands += 1;
    person.isHandUp = raised;
    say(line, 'G', { raised, hands: inside().filter(({ isHandUp }) => isHandUp).length });
  },
  d: (line, { id }, person) => {
    person.ledger.profiles += 1;
    const other = inside().find((one) => one.id === id);
    say(line, 'D', { id, name: other?.name ?? null, profile: other?.profile ?? null });
  },
};

function hear(line: Line, text: string): void {
  let head: Head;
  try {
    head = JSON.parse(text.slice(1));
  } catch {
    strike(line, 'bad-json');
    return;
  }
  const letter = text.slice(0, 1);
  const seated = IN_A_SEAT[letter];
  if (seated === undefined) (ANYWHERE[letter] ?? (() => strike(line, 'unknown-type')))(line, head);
  else if (line.person === null) wrong(line, 'wrong-state');
  else seated(line, head, line.person);
}

const http = createServer(({ url }, response) => {
  response.writeHead(url === '/hallway' || url === '/health' ? 200 : 404);
  response.end(JSON.stringify(url === '/hallway' ? hallway() : {}));
});
new WebSocketServer({ server: http, path: '/signal', maxPayload: 16_384 }).on('connection', (socket) => {
  const line: Line = { socket, person: null, heardAtMs: performance.now(), strikes: 0 };
  lines.add(line);
  socket.on('message', (bytes, isBinary) => {
    line.heardAtMs = performance.now();
    if (isBinary) strike(line, 'bad-frame');
    else hear(line, String(bytes));
  });
  socket.on('error', () => {}); // The close follows by itself.
  socket.on('close', () => {
    lines.delete(line);
    leave(line, 'lost');
  });
});

/** Each second: presence as a batch, and an end for whoever is silent. */
setInterval(() => {
  const joined = came.slice(0, 100).map(({ id, name }) => ({ id, name }));
  const batch = { kind: 'batch', listeners: inside().length, joined, left: went.slice(0, 100) };
  if (came.length + went.length > 0) for (const { line } of inside()) say(line as Line, 'P', batch);
  [came, went] = [[], []];
  for (const line of lines)
    if (performance.now() - line.heardAtMs > options.silenceMs) line.socket.terminate();
}, 1_000);

http.listen(options.port, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: (http.address() as AddressInfo).port }));
});
process.stdin.resume().on('end', () => {
  const ledgers = [...people.values()].map(({ id, ledger }) => [id, ledger]);
  const takenAtEnd = seats - free.length;
  console.log(JSON.stringify({ takenMax, takenAtEnd, people: Object.fromEntries(ledgers) }));
  process.exit(0);
});
