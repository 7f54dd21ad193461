/** What every listener's consumer has in common, whatever carries it: plain Opus, and an SSRC of its own. */
import type { types } from 'mediasoup';

/** mediasoup copies its parameters in depth whenever they are read, which took a tenth of the server's CPU in a surge. */
const capabilitiesOf = new WeakMap<types.Router, types.RtpCapabilities>();

/**
 * Audio only, and neither header extensions nor feedback: the offer names none, so they would be bytes and work
 * for nobody. Without NACK the worker keeps no packets back for a second sending.
 */
function receivingCapabilities(router: types.Router): types.RtpCapabilities {
  const known = capabilitiesOf.get(router);
  if (known !== undefined) return known;
  const opus = router.rtpCapabilities.codecs?.filter(({ mimeType }) => mimeType === 'audio/opus') ?? [];
  const own = { codecs: opus.map((codec) => ({ ...codec, rtcpFeedback: [] })), headerExtensions: [] };
  capabilitiesOf.set(router, own);
  return own;
}

/** Draws are rare: SSRCs have about 2^30 values. The bound only keeps a defect from becoming a loop. */
const SSRC_DRAWS_MAX = 8;

/** What the room gives to each of its listeners. */
export type Source = {
  readonly router: types.Router;
  readonly producerId: string;
  readonly frameMs: 20 | 60;
  /** SSRCs in use on all workers; the listener's own is added, and taken out when it is closed. */
  readonly ssrcs: Set<number>;
};

/**
 * Consumes with an SSRC that no other listener of this server has, so that a packet meter that tells streams apart
 * by SSRC alone never mixes two of them.
 */
export async function consumeWithOwnSsrc(
  transport: types.Transport,
  { router, producerId, ssrcs }: Source,
  paused: boolean,
): Promise<{ consumer: types.Consumer; parameters: types.RtpParameters; ssrc: number }> {
  const options = { producerId, rtpCapabilities: receivingCapabilities(router), paused };
  for (let draw = 1; ; draw += 1) {
    const consumer = await transport.consume(options);
    const parameters = consumer.rtpParameters;
    const ssrc = parameters.encodings?.[0]?.ssrc;
    if (ssrc === undefined) {
      throw new Error('mediasoup must give a simple consumer an SSRC, but gave none');
    }
    if (!ssrcs.has(ssrc) || draw === SSRC_DRAWS_MAX) {
      ssrcs.add(ssrc);
      return { consumer, parameters, ssrc };
    }
    consumer.close();
  }
}

/** The fields of an offer that follow from the codec. */
export function codecOf(parameters: types.RtpParameters): {
  payloadType: number;
  clockRateHz: 48_000;
  channels: number;
} {
  const codec = parameters.codecs[0];
  if (codec === undefined) {
    throw new Error('mediasoup must give a consumer a codec, but gave none');
  }
  return { payloadType: codec.payloadType, clockRateHz: 48_000, channels: codec.channels ?? 2 };
}
