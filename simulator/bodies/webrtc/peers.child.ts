/**
 * For tests: a process with a pool of peers and a native meter, which has to be preloaded before a process starts.
 * Its parent asks by messages; each is answered under its number, and peers' events come as they happen.
 */
import process from 'node:process';
import type { MediaOffer } from '../../../server/protocol/messages.ts';
import type { Peer, PeerSample } from '../peer-pool.ts';
import { createPeerPool } from './index.ts';

export type ToPeers = { readonly n: number } & (
  | {
      readonly ask: 'open';
      readonly personId: number;
      readonly offer: MediaOffer;
      readonly withCallback: boolean;
    }
  | { readonly ask: 'silence' | 'close'; readonly personId: number }
  | { readonly ask: 'sample' | 'cpu' | 'end' }
);
export type FromPeers =
  | { readonly n: number; readonly answer: unknown }
  | {
      readonly personId: number;
      readonly event: 'ice' | 'dtls' | 'first-packet' | 'lost';
      readonly tNs: bigint;
    };
export type PeersSample = readonly PeerSample[];

const pool = createPeerPool({ meterFile: process.env['ROOMRUSH_METER_FILE'] ?? null, concurrency: 32 });
const peers = new Map<number, Peer>();
const tell = (message: FromPeers) => process.send?.(message);

async function answer(message: ToPeers): Promise<unknown> {
  switch (message.ask) {
    case 'open': {
      const { personId, offer, withCallback } = message;
      const event = (name: 'ice' | 'dtls' | 'first-packet' | 'lost', tNs = process.hrtime.bigint()) =>
        tell({ personId, event: name, tNs });
      const peer = await pool.open(personId, offer, true, withCallback, {
        onIce: () => event('ice'),
        onDtls: () => event('dtls'),
        onFirstPacket: (tNs) => event('first-packet', tNs),
        onLost: () => event('lost'),
      });
      peers.set(personId, peer);
      return peer.answer;
    }
    case 'silence':
      return peers.get(message.personId)?.silence();
    case 'close':
      return peers.get(message.personId)?.close();
    case 'sample':
      return pool.sample();
    case 'cpu':
      return process.cpuUsage();
    case 'end':
      await pool.close();
      return pool.size;
  }
}

process.on('message', async (message: ToPeers) => {
  tell({ n: message.n, answer: await answer(message) });
  if (message.ask === 'end') {
    // The media stack ends with its process: its own cleanup crashes now and then while tracks still close.
    process.exit(0);
  }
});
