/**
 * The pool of WebRTC peers: real ICE, DTLS and SRTP for each listener, on libdatachannel.
 *
 * What is measured of them comes from the packet meter; JavaScript is not told of packets, except on the subset of
 * peers whose permanent callback proves that what was counted could also be decrypted.
 */
import { callbackMeter } from '../meter/callback-meter.ts';
import { FirstPackets } from '../meter/first-packets.ts';
import { openPacketMeter } from '../meter/meter.ts';
import type { PacketMeter, StreamSample } from '../meter/sample.ts';
import { type Peer, PeerError, type PeerEvents, type PeerPool, type PeerSample } from '../peer-pool.ts';
import { type Connection, connect } from './peer.ts';
import { Turns } from './turns.ts';

/** Closing a peer takes 0.1 to 1 ms of the event loop: a few at a time, so that joins and signals get through. */
const CLOSES_A_BATCH = 8;
const CLOSE_BATCH_EVERY_MS = 5;
/** What pool.close() waits for the stack to report every peer closed. */
const CLOSE_MS_MAX = 10_000;

type Member = {
  readonly personId: number;
  readonly slot: number | null;
  readonly counted: boolean;
  readonly events: PeerEvents;
  connection: Connection | null;
  /** live: has events and samples. silent: open without a word. closing: waits for its batch. */
  state: 'live' | 'silent' | 'closing';
  closed: boolean;
  authenticatedPackets: number | null;
};

export function createPeerPool(options: {
  /** The file of the packet meter that counts in this process; null: count by callbacks. */
  readonly meterFile: string | null;
  /** Handshakes at once: more only adds latency. */
  readonly concurrency: number;
}): PeerPool {
  const meter: PacketMeter =
    options.meterFile === null ? callbackMeter() : openPacketMeter(options.meterFile);
  const turns = new Turns(options.concurrency);
  const members = new Set<Member>();
  const bySlot = new Map<number, Member>();
  const byPerson = new Map<number, Member>();
  const firstPackets = new FirstPackets(meter);
  const toClose: Member[] = [];
  let closeTimer: NodeJS.Timeout | null = null;
  let closing: Promise<void> | null = null;
  let onEmpty: (() => void) | null = null;

  /** From here on the member has neither events nor samples. */
  function retire(member: Member, state: 'silent' | 'closing'): void {
    member.state = state;
    if (member.slot !== null) {
      firstPackets.forget(member.slot);
      bySlot.delete(member.slot);
      meter.release(member.slot);
    }
    if (byPerson.get(member.personId) === member) {
      byPerson.delete(member.personId);
    }
  }

  function gone(member: Member): void {
    if (!member.closed) {
      member.closed = true;
      members.delete(member);
      if (members.size === 0) {
        onEmpty?.();
      }
    }
  }

  function closeBatch(): void {
    closeTimer = null;
    for (const member of toClose.splice(0, CLOSES_A_BATCH)) {
      member.connection?.close();
    }
    if (toClose.length > 0) {
      closeTimer = setTimeout(closeBatch, CLOSE_BATCH_EVERY_MS);
    }
  }

  function closeSoon(member: Member): void {
    if (member.state === 'live') {
      retire(member, 'closing');
    } else if (member.state === 'silent') {
      member.state = 'closing';
    } else {
      return;
    }
    toClose.push(member);
    closeTimer ??= setTimeout(closeBatch, 0);
  }

  function silence(member: Member): boolean {
    if (member.state !== 'live') {
      return false;
    }
    const mute = member.slot !== null && meter.mute(member.slot);
    retire(member, 'silent');
    return mute;
  }

  function sampleOf(member: Member, sample: StreamSample): PeerSample {
    return { ...sample, personId: member.personId, authenticatedPackets: member.authenticatedPackets };
  }

  const open: PeerPool['open'] = async (personId, offer, counted, withCallback, events) => {
    if (closing !== null) {
      throw new PeerError('peer-pool-closed', 'The pool is closed');
    }
    if (offer.kind !== 'webrtc') {
      throw new PeerError('peer-wrong-offer', `A webrtc peer was offered ${offer.kind}`);
    }
    const endTurn = await turns.take();
    const called = withCallback || (counted && meter.kind === 'callback');
    // With the native meter everybody has a slot, because that is how a first packet is seen.
    const slot = called || meter.kind === 'native' ? meter.register(offer.ssrc) : null;
    const authenticatedPackets = called ? 0 : null;
    const member: Member = {
      personId,
      slot,
      counted,
      events,
      connection: null,
      state: 'live',
      closed: false,
      authenticatedPackets,
    };
    members.add(member);
    if (slot !== null) {
      bySlot.set(slot, member);
    }
    byPerson.set(personId, member);
    const onPacket = (packet: Uint8Array) => {
      member.authenticatedPackets = (member.authenticatedPackets ?? 0) + 1;
      if (slot !== null) {
        meter.observe(slot, packet);
      }
    };
    const ifLive = (event: () => void) => {
      if (member.state === 'live') {
        event();
      }
    };
    try {
      member.connection = await connect(String(personId), offer, called ? onPacket : null, {
        onIce: () => ifLive(events.onIce),
        onDtls: () => {
          endTurn();
          ifLive(() => {
            if (slot !== null) {
              firstPackets.await(slot, (tNs) => events.onFirstPacket(tNs));
            }
            events.onDtls();
          });
        },
        onLost: () => ifLive(events.onLost),
        onClosed: () => {
          endTurn();
          gone(member);
        },
      });
    } catch (error) {
      endTurn();
      retire(member, 'closing');
      gone(member);
      throw error;
    }
    const peer: Peer = {
      answer: { fingerprint: member.connection.fingerprint },
      close: () => closeSoon(member),
      silence: () => silence(member),
      peek: () => (slot !== null && bySlot.get(slot) === member ? sampleOf(member, meter.peek(slot)) : null),
    };
    if (closing !== null) {
      peer.close();
    }
    return peer;
  };

  async function closeAll(): Promise<void> {
    turns.close();
    for (const member of members) {
      if (member.connection !== null) {
        closeSoon(member);
      }
    }
    if (members.size > 0) {
      let timer: NodeJS.Timeout | null = null;
      await new Promise<void>((resolve) => {
        onEmpty = resolve;
        timer = setTimeout(resolve, CLOSE_MS_MAX);
      });
      clearTimeout(timer ?? undefined);
    }
    firstPackets.stop();
    clearTimeout(closeTimer ?? undefined);
    meter.close();
  }

  return {
    get size() {
      return members.size;
    },
    get queued() {
      return turns.queued;
    },
    receiverPid: process.pid,
    meter: { kind: meter.kind, lateness: meter.lateness },
    open,
    sample() {
      return meter.readAll().flatMap((sample) => {
        const member = bySlot.get(sample.slot);
        return member?.counted ? [sampleOf(member, sample)] : [];
      });
    },
    peek(personId) {
      const member = byPerson.get(personId);
      return member === undefined || member.slot === null ? null : sampleOf(member, meter.peek(member.slot));
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
