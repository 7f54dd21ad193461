/** One webrtc listener on the server's side: a transport on its worker's shared port and a consumer of the voice. */
import type { types } from 'mediasoup';
import type { WebrtcOffer } from '../protocol/messages.ts';
import { codecOf, consumeWithOwnSsrc, type Source } from './consume.ts';
import { MediaError } from './errors.ts';
import type { ListenerHooks, ListenerMedia } from './port.ts';

/** Below 10 s and above 60 s mediasoup's ICE server corrects the value itself, with a warning a listener. */
const CONSENT_S_MIN = 10;
const CONSENT_S_MAX = 60;

export function consentSeconds(iceConsentMs: number): number {
  return Math.min(CONSENT_S_MAX, Math.max(CONSENT_S_MIN, Math.round(iceConsentMs / 1000)));
}

export async function createWebrtcListener(
  source: Source,
  hooks: ListenerHooks,
  options: { readonly webRtcServer: types.WebRtcServer; readonly consentS: number },
): Promise<ListenerMedia> {
  const transport = await source.router.createWebRtcTransport({
    webRtcServer: options.webRtcServer,
    enableUdp: true,
    enableTcp: false,
    iceConsentTimeout: options.consentS,
  });
  let closed = false;
  let connected = false;
  const lost = () => {
    if (connected && !closed) {
      // At most once: whatever the transport says after its loss adds nothing.
      connected = false;
      hooks.onLost('media-lost');
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
    if (state === 'connected') {
      if (!closed) hooks.onFlowing?.();
    } else if (state === 'failed' || state === 'closed') {
      lost();
    }
  });
  try {
    const { parameters, ssrc } = await consumeWithOwnSsrc(transport, source, false);
    return {
      offer: describe(transport, parameters, ssrc, source.frameMs),
      async connect(answer) {
        if (!('fingerprint' in answer)) {
          throw new MediaError('media-wrong-answer', 'Connecting a webrtc listener to a sink');
        }
        const { fingerprint } = answer;
        await transport.connect({ dtlsParameters: { role: 'client', fingerprints: [{ ...fingerprint }] } });
      },
      close() {
        if (!closed) {
          closed = true;
          source.ssrcs.delete(ssrc);
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
  parameters: types.RtpParameters,
  ssrc: number,
  frameMs: number,
): WebrtcOffer {
  const { mid, rtcp } = parameters;
  const fingerprint = transport.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  if (mid === undefined || rtcp?.cname === undefined || fingerprint === undefined) {
    throw new Error('mediasoup must give mid, cname and a sha-256 fingerprint, but one is missing');
  }
  return {
    kind: 'webrtc',
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
    ...codecOf(parameters),
    frameMs,
  };
}
