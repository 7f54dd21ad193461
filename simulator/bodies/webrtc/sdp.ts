/** The words between a webrtc offer and the SDP that a WebRTC stack wants to read (RFC 8866, 8839, 8842). */
import type { WebrtcOffer } from '../../../server/protocol/messages.ts';

/** The server's offer: one audio line, ICE-lite, everything on one transport. */
export function offerSdp(offer: WebrtcOffer): string {
  const { mid, payloadType, clockRateHz, channels, ssrc, cname, fingerprint } = offer;
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${mid}`,
    `m=audio 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sendonly',
    `a=ice-ufrag:${offer.iceUfrag}`,
    `a=ice-pwd:${offer.icePwd}`,
    `a=fingerprint:${fingerprint.algorithm} ${fingerprint.value}`,
    'a=setup:actpass',
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} opus/${clockRateHz}/${channels}`,
    `a=ssrc:${ssrc} cname:${cname}`,
    ...offer.candidates.map(
      ({ foundation, priority, ip, port, protocol }) =>
        `a=candidate:${foundation} 1 ${protocol} ${priority} ${ip} ${port} typ host`,
    ),
    'a=end-of-candidates',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The certificate that an answer promises; null when it names none by SHA-256. */
export function fingerprintOf(sdp: string): { algorithm: 'sha-256'; value: string } | null {
  const value = /^a=fingerprint:sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})\s*$/im.exec(sdp)?.[1];
  return value === undefined ? null : { algorithm: 'sha-256', value: value.toUpperCase() };
}
