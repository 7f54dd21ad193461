/** What the admission policy decides, carried out on people's connections. */
import type { AdmissionEvent, Decision } from '../admission/step.ts';
import type { ListenerMedia } from '../media/port.ts';
import { FROM_SERVER } from '../protocol/wire.ts';
import type { Connection } from '../signalling/connection.ts';
import { type Joining, mediaOf, type People, TICKET_NIGHT_MS } from './people.ts';

/** Told to somebody whose seat could not be made ready (no disk, no media): the server does not know better. */
const RETRY_AFTER_FAILURE_MS = 1_000;

/** How long a transport goes on beside the one that follows it: until the listener has taken the other. */
const FORMER_TRANSPORT_MS = 1_000;

const RELEASE_CAUSE = {
  left: 'left',
  vanished: 'ejected',
  expired: 'expired',
  superseded: 'superseded',
} as const;

export class Decisions {
  readonly #people: People;
  readonly #onMediaLost: (connection: Connection) => void;

  /** @param onMediaLost hears of a transport that broke under somebody who sits. */
  constructor(people: People, onMediaLost: (connection: Connection) => void) {
    this.#people = people;
    this.#onMediaLost = onMediaLost;
  }

  /** Tells the policy what happened; what it decides is yet to be carried out. */
  step(event: AdmissionEvent): readonly Decision[] {
    return this.#people.parts.admission.step(event, this.#people.parts.nowMs(), this.#people.parts.draw);
  }

  apply(decisions: readonly Decision[]): void {
    for (const decision of decisions) this.#carryOut(decision);
  }

  #carryOut(decision: Decision): void {
    const { journal, log, rooms, voices } = this.#people.parts;
    switch (decision.type) {
      case 'seat':
        this.#seat(decision);
        break;
      case 'wait':
        this.#wait(decision);
        break;
      case 'full':
        this.#full(decision.personId, decision.retryAfterMs);
        break;
      case 'move':
        this.#move(decision);
        break;
      case 'open-room':
        rooms.openOverflow(decision.room, decision.seats, decision.relayOf);
        voices?.open(decision.room, decision.relayOf);
        break;
      case 'close-room':
        rooms.close(decision.room, 'empty');
        voices?.close(decision.room);
        break;
      case 'release': {
        const { personId, room, seat } = decision;
        journal.released(room, seat);
        if (decision.cause === 'expired') log.personRow('expired', personId, { room });
        log.personRow('released', personId, { room, value: seat, cause: RELEASE_CAUSE[decision.cause] });
        break;
      }
      case 'hold':
        log.personRow('held', decision.personId, { room: decision.room, value: decision.holdMs });
        break;
      case 'expire':
        log.personRow('expired', decision.personId, {});
        break;
    }
  }

  #wait(decision: Extract<Decision, { type: 'wait' }>): void {
    const { composition, config, journal, log, outgoing, tickets, wallMs } = this.#people.parts;
    const { personId, position, estimatedWaitMs, sequence, lane } = decision;
    const connection = this.#people.connections.get(personId);
    const ticketLifeMs = composition.queue?.ticketLifeMs ?? config.timers.ticketLifeMs;
    if (connection?.state.at === 'asking') {
      const { asker } = connection.state;
      connection.state = { at: 'waiting', asker };
      journal.placed(sequence);
      log.row('waiting', asker, { value: position, ...(lane === null ? {} : { cause: lane }) });
      if (estimatedWaitMs !== null) log.row('eta', asker, { value: estimatedWaitMs });
      const ticket = tickets.place(personId, config.mainRoom.room, sequence, wallMs() + TICKET_NIGHT_MS);
      log.ticketIssued();
      outgoing.send(connection, FROM_SERVER.waiting, { ticket, position, estimatedWaitMs, ticketLifeMs });
    } else if (connection?.state.at === 'waiting') {
      const update = { ticket: null, position, estimatedWaitMs, ticketLifeMs };
      outgoing.send(connection, FROM_SERVER.waiting, update);
    } else if (connection?.state.at === 'joining' || connection?.state.at === 'seated') {
      // A policy that keeps somebody in the queue who has a seat: nobody is told, but the log must show it.
      log.row('waiting', connection.state.asker, { value: position });
    }
  }

  #full(personId: number, retryAfterMs: number | null): void {
    const connection = this.#people.connections.get(personId);
    if (connection === undefined || !('asker' in connection.state)) return;
    const { asker } = connection.state;
    this.#people.connections.delete(personId);
    connection.state = { at: 'hallway' };
    this.#people.refuse(connection, asker, this.#people.parts.config.mainRoom.room, retryAfterMs);
  }

  #seat(decision: Extract<Decision, { type: 'seat' }>): void {
    const { personId, room, seat, resumed } = decision;
    const connection = this.#people.connections.get(personId);
    const state = connection?.state;
    if (connection === undefined || (state?.at !== 'asking' && state?.at !== 'waiting'))
      throw new Error(`person ${personId} was given a seat without having asked`);
    const nonce = state.at === 'asking' ? state.nonce : null;
    const joining: Joining = { at: 'joining', asker: state.asker, nonce, resumed, room, seat };
    connection.state = joining;
    this.#people.parts.log.row('seated', state.asker, {
      room,
      value: seat,
      cause: resumed ? 'resumed' : 'new',
    });
    this.#take(connection, joining).catch((error: unknown) => this.#notTaken(connection, joining, error));
  }

  /** What has to be awaited between the decision for a seat and its taking: the journal, and the transport. */
  async #take(connection: Connection, joining: Joining): Promise<void> {
    const { journal, nowMs, signals } = this.#people.parts;
    const { personId, media: kind } = joining.asker;
    const decidedAtMs = nowMs();
    await journal.taken(personId, joining.room, joining.seat);
    if (connection.state !== joining) return;
    const onFlowing = (): void => signals.audioFlows(nowMs() - decidedAtMs);
    const media = kind === 'none' ? null : await this.#listen(connection, joining.room, kind, onFlowing);
    if (connection.state === joining) this.#taken(connection, joining, media);
    else media?.close();
  }

  #taken(connection: Connection, joining: Joining, media: ListenerMedia | null): void {
    const { asker, resumed, room, seat } = joining;
    const { personId } = asker;
    const decisions = this.step({ type: 'took', personId });
    this.#people.parts.log.row('took', asker, { room, value: seat });
    this.#people.welcome(connection, { at: 'seated', asker, room, seat, media, connected: false }, resumed);
    this.apply(decisions);
  }

  /** The disk or the media failed. The seat is given up, and the person may ask again on this connection. */
  #notTaken(connection: Connection, joining: Joining, error: unknown): void {
    console.error(`seat not taken: ${error instanceof Error ? error.message : error}`);
    if (connection.state !== joining) return;
    const { personId } = joining.asker;
    if (joining.nonce !== null) this.#people.giveBack(joining.asker, joining.nonce);
    this.#full(personId, RETRY_AFTER_FAILURE_MS);
    this.apply(this.step({ type: 'vanished', personId }));
  }

  /** Promotion: the membership changes, the voice is the same and its transport stays. */
  #move(decision: Extract<Decision, { type: 'move' }>): void {
    const { config, journal, log, outgoing, rooms } = this.#people.parts;
    const { personId, from, to, seat } = decision;
    const connection = this.#people.connections.get(personId);
    const state = connection?.state;
    if (connection === undefined || (state?.at !== 'seated' && state?.at !== 'joining'))
      throw new Error(`person ${personId} was moved without having a seat`);
    journal.moved(personId, { room: from, seat: state.seat }, { room: to, seat });
    log.row('moved', state.asker, { room: to, value: seat });
    if (state.at === 'joining') {
      state.room = to;
      state.seat = seat;
      return;
    }
    const isRaised = rooms.get(from)?.isRaised(personId) ?? false;
    rooms.leave(from, personId);
    connection.state = { ...state, room: to, seat };
    const member = { user: { id: personId, name: state.asker.name }, connection };
    const room = rooms.join(to, member);
    room.setHand(personId, isRaised);
    const ticket = this.#people.seatTicket(state.asker, to, seat, TICKET_NIGHT_MS);
    const head = { room: to, seat, ticket, heldForMs: this.#people.heldForMs };
    if (config.media.promotion === 'transport' && state.media !== null && state.connected)
      this.#moveTransport(connection, to, state.media, head);
    else outgoing.send(connection, FROM_SERVER.moved, { ...head, media: null });
    rooms.announce(room, member);
  }

  /** Make before break: the old transport goes on until the new one carries audio, and a little longer. */
  #moveTransport(connection: Connection, to: string, former: ListenerMedia, head: object): void {
    const { log, outgoing } = this.#people.parts;
    const tell = (media: ListenerMedia | null): void =>
      outgoing.send(connection, FROM_SERVER.moved, { ...head, media: media?.offer ?? null });
    const isStill = (media: ListenerMedia): boolean =>
      connection.state.at === 'seated' && connection.state.room === to && mediaOf(connection) === media;
    const breakFormer = (): void => {
      setTimeout(() => {
        former.close();
        const { state } = connection;
        if (state.at !== 'seated' || state.former !== former) return;
        const { former: _closed, ...rest } = state;
        connection.state = rest;
      }, FORMER_TRANSPORT_MS).unref();
    };
    this.#listen(connection, to, former.offer.kind, breakFormer).then(
      (media) => {
        if (!isStill(former) || connection.state.at !== 'seated') {
          media?.close();
          return;
        }
        connection.state = { ...connection.state, media, connected: false, former };
        log.row('transport-moved', connection.state.asker, { room: to });
        tell(media);
      },
      (error: unknown) => {
        // There is no new transport to be had: the old one carries the same voice.
        console.error(`transport not moved: ${error instanceof Error ? error.message : error}`);
        if (isStill(former)) tell(null);
      },
    );
  }

  /** A transport for the voice of a room; null without media. Its loss matters only while it is the listener's. */
  async #listen(
    connection: Connection,
    room: string,
    kind: 'webrtc' | 'rtp',
    onFlowing: () => void,
  ): Promise<ListenerMedia | null> {
    const { voices } = this.#people.parts;
    if (voices === null) return null;
    const media = await voices.addListener(room, kind, {
      onLost: () => {
        if (mediaOf(connection) === media) this.#onMediaLost(connection);
      },
      onFlowing,
    });
    return media;
  }
}
