/**
 * One rtp listener on the server's side: a plain transport that encrypts, and a consumer of the voice.
 *
 * It costs the worker what any listener costs it a packet, but neither side pays for ICE and DTLS, so that a crowd
 * on one core can fill a worker on another. It may send to loopback only: no server may be made to send media at
 * somebody who did not ask for it, and without ICE nobody proves that they did.
 */
import type { types } from 'mediasoup';
import { rtpSink } from '../protocol/messages.ts';
import { codecOf, consumeWithOwnSsrc, type Source } from './consume.ts';
import { MediaError } from './errors.ts';
import type { ListenerHooks, ListenerMedia } from './port.ts';

const CRYPTO_SUITE = 'AES_CM_128_HMAC_SHA1_80';

export async function createRtpListener(source: Source, hooks: ListenerHooks): Promise<ListenerMedia> {
  const transport = await source.router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    comedia: false,
    enableSrtp: true,
    srtpCryptoSuite: CRYPTO_SUITE,
  });
  let closed = false;
  try {
    // Paused until the sink is known to wait for this SSRC: its first packet is then the stream's first.
    const { consumer, parameters, ssrc } = await consumeWithOwnSsrc(transport, source, true);
    return {
      offer: {
        kind: 'rtp',
        ssrc,
        ...codecOf(parameters),
        frameMs: source.frameMs,
        cryptoSuite: CRYPTO_SUITE,
        srtpKeyBase64: ownKey(transport),
      },
      async connect(answer) {
        const sink = rtpSink.safeParse('sink' in answer ? answer.sink : null);
        if (!sink.success) {
          throw new MediaError('media-wrong-answer', 'Connecting an rtp listener');
        }
        const { ip, port, srtpKeyBase64 } = sink.data;
        const srtpParameters = { cryptoSuite: CRYPTO_SUITE, keyBase64: srtpKeyBase64 } as const;
        await transport.connect({ ip, port, srtpParameters });
        await consumer.resume();
        if (!closed) hooks.onFlowing?.();
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

function ownKey(transport: types.PlainTransport): string {
  const key = transport.srtpParameters?.keyBase64;
  if (key === undefined) {
    throw new Error('mediasoup must give an encrypting transport a key, but gave none');
  }
  return key;
}
