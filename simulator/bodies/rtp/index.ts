/**
 * The pool of rtp listeners: SRTP to a sink that counts packets without decrypting them. A join costs next to
 * nothing here, and a packet less than it costs the media worker, so that the worker is full before the crowd is.
 *
 * What such a listener hears is what arrives for its SSRC: nothing proves that it could be decrypted, which the
 * webrtc listeners of a night are for. Nothing is ever sent, so a silent leaver is known by its signalling alone.
 */
import { randomBytes } from 'node:crypto';
import { FirstPackets } from '../meter/first-packets.ts';
import { openPacketMeter } from '../meter/meter.ts';
import type { StreamSample } from '../meter/sample.ts';
import { PeerError, type PeerPool, type PeerSample } from '../peer-pool.ts';
import { startSink } from './sink.ts';

type Member = { readonly personId: number; readonly slot: number; readonly counted: boolean };

/** Key and salt of AES_CM_128_HMAC_SHA1_80 (RFC 4568, 6.2). */
const SRTP_KEY_BYTES = 30;

/**
 * Starts the sink and opens the pool on it.
 *
 * @param options program: the compiled rtp-sink.c; meterFile: made with createMeterFile, of this pool alone;
 *   onSinkEnded: the sink is gone, and with it what every listener hears.
 * @throws NotReadyError when the sink does not start.
 */
export async function createRtpPool(options: {
  readonly program: string;
  readonly meterFile: string;
  readonly onSinkEnded: (how: string) => void;
}): Promise<PeerPool> {
  const sink = await startSink(options.program, options.meterFile, options.onSinkEnded);
  const meter = openPacketMeter(options.meterFile, sink.pid);
  const firstPackets = new FirstPackets(meter);
  /** Of what we would send; it is never used, but the server's transport wants one. */
  const srtpKeyBase64 = randomBytes(SRTP_KEY_BYTES).toString('base64');
  const bySlot = new Map<number, Member>();
  const byPerson = new Map<number, Member>();
  let opened = 0;
  let closing: Promise<void> | null = null;

  /** From here on the member has neither events nor samples; its packets are thrown away by the sink. */
  function retire(member: Member): void {
    if (bySlot.get(member.slot) !== member) return;
    firstPackets.forget(member.slot);
    bySlot.delete(member.slot);
    meter.release(member.slot);
    if (byPerson.get(member.personId) === member) byPerson.delete(member.personId);
  }

  const sampleOf = (member: Member, sample: StreamSample): PeerSample => ({
    ...sample,
    personId: member.personId,
    authenticatedPackets: null,
  });

  return {
    get size() {
      return bySlot.size;
    },
    queued: 0,
    receiverPid: sink.pid,
    meter: { kind: 'native', lateness: 'up to 1 ms: counted in a process of its own, which naps' },

    async open(personId, offer, counted, _withCallback, events) {
      if (closing !== null) throw new PeerError('peer-pool-closed', 'The pool is closed');
      if (offer.kind !== 'rtp') {
        throw new PeerError('peer-wrong-offer', `An rtp listener was offered ${offer.kind}`);
      }
      const slot = meter.register(offer.ssrc);
      if (slot === null) throw new PeerError('peer-no-slot', `No slot is free for SSRC ${offer.ssrc}`);
      const member: Member = { personId, slot, counted };
      bySlot.set(slot, member);
      byPerson.set(personId, member);
      firstPackets.await(slot, (tNs) => events.onFirstPacket(tNs));
      const port = sink.ports[opened % sink.ports.length]!;
      opened += 1;
      return {
        answer: { sink: { ip: '127.0.0.1', port, srtpKeyBase64 } },
        close: () => retire(member),
        peek: () => (bySlot.get(slot) === member ? sampleOf(member, meter.peek(slot)) : null),
        silence() {
          retire(member);
          return true;
        },
      };
    },

    sample() {
      return meter.readAll().flatMap((sample) => {
        const member = bySlot.get(sample.slot);
        return member?.counted ? [sampleOf(member, sample)] : [];
      });
    },

    peek(personId) {
      const member = byPerson.get(personId);
      return member === undefined ? null : sampleOf(member, meter.peek(member.slot));
    },

    close() {
      closing ??= (async () => {
        firstPackets.stop();
        await sink.end();
        meter.close();
      })();
      return closing;
    },
  };
}
