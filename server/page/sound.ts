/**
 * One reception of the host's voice: a mediasoup-client transport with one consumer, played by one audio element.
 * It tells each step at the moment it sees it. What it polls it sees late: the browser keeps its statistics for
 * 50 ms, and hands packets on only when they are played, so that `firstPacket` is late by up to some 60 ms.
 */
import { Device } from 'mediasoup-client';
import type { Consumer, RtpCapabilities, Transport } from 'mediasoup-client/types';
import type { MediaAnswer, WebrtcOffer } from '../protocol/messages.ts';

const FIRST_PACKET_POLL_MS = 10;
const AUDIBLE_POLL_MS = 20;

export type SoundEvents = {
  mediaAnswer(answer: MediaAnswer): void;
  ice(): void;
  dtls(): void;
  firstPacket(): void;
  audible(): void;
  lost(): void;
  /** The browser plays nothing before the person has done something on the page. */
  blocked(): void;
};

export class Sound {
  readonly #element = new Audio();
  readonly #events: SoundEvents;
  #transport: Transport | null = null;
  #consumer: Consumer | null = null;
  #closed = false;

  /** Begins at once; whatever goes wrong is told as `lost`. */
  constructor(offer: WebrtcOffer, muted: boolean, events: SoundEvents) {
    this.#events = events;
    this.#element.muted = muted;
    this.#receive(offer).catch((error: unknown) => {
      console.warn('no audio:', error);
      this.#lose();
    });
  }

  set muted(muted: boolean) {
    this.#element.muted = muted;
  }

  /** Plays again after the browser refused to; a press of a button has allowed it meanwhile. */
  play(): void {
    this.#element.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError' && !this.#closed)
        this.#events.blocked();
    });
  }

  async stats(): Promise<RTCInboundRtpStreamStats | null> {
    if (this.#consumer === null || this.#closed) return null;
    for (const one of (await this.#consumer.getStats()).values()) if (one.type === 'inbound-rtp') return one;
    return null;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#element.srcObject = null;
    this.#transport?.close();
  }

  async #receive(offer: WebrtcOffer): Promise<void> {
    const device = await deviceFor(offer);
    if (this.#closed) return;
    const transport = device.createRecvTransport({
      id: `${offer.ssrc}`,
      iceParameters: { usernameFragment: offer.iceUfrag, password: offer.icePwd, iceLite: true },
      iceCandidates: offer.candidates.map((one) => ({ ...one, address: one.ip, type: 'host' })),
      dtlsParameters: { role: 'server', fingerprints: [offer.fingerprint] },
    });
    this.#transport = transport;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      const value = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256')?.value;
      if (value === undefined) {
        failed(new Error('expected a SHA-256 fingerprint of the own certificate'));
        return;
      }
      if (!this.#closed)
        this.#events.mediaAnswer({ fingerprint: { algorithm: 'sha-256', value: value.toUpperCase() } });
      done();
    });
    transport.on('connectionstatechange', (state) => {
      if (state === 'failed' || state === 'closed') this.#lose();
    });
    const consumer = await transport.consume({
      id: `${offer.ssrc}`,
      producerId: offer.cname,
      kind: 'audio',
      rtpParameters: rtpParametersOf(offer),
      onRtpReceiver: (receiver) => this.#watch(receiver),
    });
    if (this.#closed) return;
    this.#consumer = consumer;
    this.#element.srcObject = new MediaStream([consumer.track]);
    this.play();
  }

  /** The steps of the connection: its transports exist once the description is set, and may be quicker than we. */
  #watch(receiver: RTCRtpReceiver): void {
    let dtls: RTCDtlsTransport | null = null;
    const told = { ice: false, dtls: false };
    const look = (): void => {
      if (this.#closed || dtls === null) return;
      const { state } = dtls.iceTransport;
      if (!told.ice && (state === 'connected' || state === 'completed')) {
        told.ice = true;
        this.#events.ice();
      }
      if (!told.dtls && dtls.state === 'connected') {
        told.dtls = true;
        this.#events.dtls();
      }
      if (dtls.state === 'failed' || dtls.state === 'closed' || state === 'failed') this.#lose();
    };
    this.#poll(
      FIRST_PACKET_POLL_MS,
      async () => {
        if (dtls === null && receiver.transport !== null) {
          dtls = receiver.transport;
          dtls.addEventListener('statechange', look);
          dtls.iceTransport.addEventListener('statechange', look);
          look();
        }
        if (receiver.getSynchronizationSources().length > 0) return true;
        return ((await this.stats())?.packetsReceived ?? 0) > 0;
      },
      () => {
        look();
        this.#events.firstPacket();
        this.#poll(AUDIBLE_POLL_MS, () => this.#isAudible(), this.#events.audible);
      },
    );
  }

  async #isAudible(): Promise<boolean> {
    return ((await this.stats())?.totalAudioEnergy ?? 0) > 0;
  }

  /** Looks until it is so, and tells it once; a closed sound tells nothing. */
  #poll(everyMs: number, isSo: () => Promise<boolean>, tell: () => void): void {
    const look = async (): Promise<void> => {
      if (this.#closed) return;
      const so = await isSo();
      if (this.#closed) return;
      if (so) tell();
      else setTimeout(look, everyMs);
    };
    look();
  }

  #lose(): void {
    if (this.#closed) return;
    this.close();
    this.#events.lost();
  }
}

const devices = new Map<string, Promise<Device>>();

/** What this browser can do with such an offer, asked once a page: it makes a connection only to find out. */
function deviceFor(offer: WebrtcOffer): Promise<Device> {
  const key = `${offer.payloadType}/${offer.channels}`;
  const known = devices.get(key);
  if (known !== undefined) return known;
  const made = (async () => {
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: capabilitiesOf(offer) });
    return device;
  })();
  devices.set(key, made);
  return made;
}

/** The server's router as far as a listener needs to know it: Opus at the payload type of the offer. */
function capabilitiesOf({ payloadType, clockRateHz, channels }: WebrtcOffer): RtpCapabilities {
  const opus = {
    mimeType: 'audio/opus',
    preferredPayloadType: payloadType,
    clockRate: clockRateHz,
    channels,
  };
  return { codecs: [{ kind: 'audio', ...opus }], headerExtensions: [] };
}

function rtpParametersOf({ mid, payloadType, clockRateHz, channels, ssrc, cname }: WebrtcOffer) {
  return {
    mid,
    codecs: [{ mimeType: 'audio/opus', payloadType, clockRate: clockRateHz, channels, rtcpFeedback: [] }],
    headerExtensions: [],
    encodings: [{ ssrc }],
    rtcp: { cname, reducedSize: true, mux: true },
  };
}
