/** One listener on the server's side: a WebRTC transport on the shared port and a consumer of the room's voice. */
import type { types } from 'mediasoup';
import type { MediaOffer } from '../protocol/messages.ts';
import type { ListenerMedia } from './port.ts';

/** Below 10 s and above 60 s mediasoup's ICE server corrects the value itself, with a warning a listener. */
const CONSENT_S_MIN = 10;
const CONSENT_S_MAX = 60;

export function consentSeconds(iceConsentMs: number): number {
  return Math.min(CONSENT_S_MAX, Math.max(CONSENT_S_MIN, Math.round(iceConsentMs / 1000)));
}

/**
 * Audio only, and neither header extensions nor feedback: the offer names none, so they would be bytes and work
 * for nobody. Without NACK the worker keeps no packets back for a second sending.
 */
function receivingCapabilities(router: types.Router): types.RtpCapabilities {
  const opus = router.rtpCapabilities.codecs?.filter(({ mimeType }) => mimeType === 'audio/opus') ?? [];
  return { codecs: opus.map((codec) => ({ ...codec, rtcpFeedback: [] })), headerExtensions: [] };
}

/** Draws are rare: SSRCs have about 2^30 values. The bound only keeps a defect from becoming a loop. */
const SSRC_DRAWS_MAX = 8;

/**
 * Consumes with an SSRC that no other listener of this server has, so that a packet meter that tells streams apart
 * by SSRC alone never mixes two of them.
 */
async function consumeWithOwnSsrc(
  transport: types.WebRtcTransport,
  options: types.ConsumerOptions,
  taken: Set<number>,
): Promise<{ consumer: types.Consumer; ssrc: number }> {
  for (let draw = 1; ; draw += 1) {
    const consumer = await transport.consume(options);
    const ssrc = consumer.rtpParameters.encodings?.[0]?.ssrc;
    if (ssrc === undefined) {
      throw new Error('mediasoup must give a simple consumer an SSRC, but gave none');
    }
    if (!taken.has(ssrc) || draw === SSRC_DRAWS_MAX) {
      taken.add(ssrc);
      return { consumer, ssrc };
    }
    consumer.close();
  }
}

export async function createListener(options: {
  readonly router: types.Router;
  readonly webRtcServer: types.WebRtcServer;
  readonly producerId: string;
  readonly frameMs: 20 | 60;
  readonly consentS: number;
  /** SSRCs in use; the listener's own is added, and taken out when it is closed. */
  readonly ssrcs: Set<number>;
  readonly onLost: (cause: 'media-lost') => void;
}): Promise<ListenerMedia> {
  const { router, webRtcServer, producerId, frameMs, consentS, ssrcs, onLost } = options;
  const transport = await router.createWebRtcTransport({
    webRtcServer,
    enableUdp: true,
    enableTcp: false,
    iceConsentTimeout: consentS,
  });
  let closed = false;
  let connected = false;
  const lost = () => {
    if (connected && !closed) {
      // At most once: whatever the transport says after its loss adds nothing.
      connected = false;
      onLost('media-lost');
    }
  };
  transport.on('icestatechange', (state) => {
    if (state === 'connected' || state === 'completed') {
      connected = true;
    } else if (state === 'disconnected' || state === 'closed') {
      lost();
    }
  });
  transport.on('dtlsstatechange', (state) => {
    if (state === 'failed' || state === 'closed') {
      lost();
    }
  });
  try {
    const { consumer, ssrc } = await consumeWithOwnSsrc(
      transport,
      { producerId, rtpCapabilities: receivingCapabilities(router) },
      ssrcs,
    );
    return {
      offer: describe(transport, consumer, ssrc, frameMs),
      async connect(fingerprint) {
        await transport.connect({ dtlsParameters: { role: 'client', fingerprints: [{ ...fingerprint }] } });
      },
      close() {
        if (!closed) {
          closed = true;
          ssrcs.delete(ssrc);
          transport.close();
        }
      },
    };
  } catch (error) {
    transport.close();
    throw error;
  }
}

function describe(
  transport: types.WebRtcTransport,
  consumer: types.Consumer,
  ssrc: number,
  frameMs: number,
): MediaOffer {
  const { mid, codecs, rtcp } = consumer.rtpParameters;
  const codec = codecs[0];
  const fingerprint = transport.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  if (mid === undefined || codec === undefined || rtcp?.cname === undefined || fingerprint === undefined) {
    throw new Error('mediasoup must give mid, codec, cname and a sha-256 fingerprint, but one is missing');
  }
  return {
    iceUfrag: transport.iceParameters.usernameFragment,
    icePwd: transport.iceParameters.password,
    candidates: transport.iceCandidates.map(({ foundation, priority, address, port }) => ({
      foundation,
      priority,
      ip: address,
      port,
      protocol: 'udp',
    })),
    fingerprint: { algorithm: 'sha-256', value: fingerprint.value },
    mid,
    ssrc,
    cname: rtcp.cname,
    payloadType: codec.payloadType,
    clockRateHz: 48_000,
    channels: codec.channels ?? 2,
    frameMs,
  };
}
