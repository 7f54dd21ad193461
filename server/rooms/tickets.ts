/**
 * Tickets: a signed right to a held seat or to a place in the queue.
 *
 * A ticket is `<body>.<HMAC-SHA256 of the body>`, both base64url, and the signature covers the body's text,
 * so that a ticket with any byte changed is refused. It can be used once. How long the seat or the place is
 * really kept is the admission policy's business; the expiry inside bounds how long the server must remember
 * that a ticket was used. Keys are in `ticket-keys.ts`: a ticket names the one that signed it.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Claim } from '../admission/step.ts';
import type { TicketKeys } from './ticket-keys.ts';

/** Used tickets that are remembered. A forgotten one that is used again finds its seat or place gone. */
const USED_MAX = 1_000_000;

type TicketRefusal = 'ticket-malformed' | 'ticket-expired' | 'ticket-foreign' | 'ticket-replayed';
export type Redeemed =
  | { readonly ok: true; readonly claim: Claim; readonly nonce: string }
  | { readonly ok: false; readonly code: TicketRefusal };

export class Tickets {
  readonly #keys: TicketKeys;
  readonly #process = randomBytes(9).toString('base64url');
  #issued = 0;
  /** Nonce of each used ticket and when it expires; the oldest use stands first. */
  readonly #used = new Map<string, number>();

  constructor(keys: TicketKeys) {
    this.#keys = keys;
  }

  /** @param expiresAtMs wall clock. */
  seat(personId: number, room: string, seat: number, expiresAtMs: number): string {
    return this.#issue('seat', personId, room, seat, expiresAtMs);
  }

  /** @param expiresAtMs wall clock. */
  place(personId: number, room: string, sequence: number, expiresAtMs: number): string {
    return this.#issue('place', personId, room, sequence, expiresAtMs);
  }

  /** Checks a ticket and uses it up. */
  redeem(ticket: string, personId: number, wallMs: number): Redeemed {
    const dot = ticket.indexOf('.');
    const body = ticket.slice(0, Math.max(dot, 0));
    const fields = Buffer.from(body, 'base64url').toString().split(' ');
    const [kind, owner, room, number, nonce, expiresAtMs, keyId] = fields as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    // What the body says is believed only after its signature was found right, but for which key to try.
    const key = this.#keys.find(keyId);
    const signature = Buffer.from(ticket.slice(dot + 1));
    const expected = Buffer.from(sign(key ?? this.#keys.present().key, body));
    const isOurs = dot >= 1 && signature.length === expected.length && timingSafeEqual(signature, expected);
    if (key === undefined || !isOurs) return { ok: false, code: 'ticket-malformed' };
    if (Number(owner) !== personId) return { ok: false, code: 'ticket-foreign' };
    if (wallMs >= Number(expiresAtMs)) return { ok: false, code: 'ticket-expired' };
    if (this.#used.has(nonce)) return { ok: false, code: 'ticket-replayed' };
    this.#use(nonce, Number(expiresAtMs), wallMs);
    const claim: Claim =
      kind === 'seat'
        ? { kind: 'seat', room, seat: Number(number) }
        : { kind: 'place', sequence: Number(number) };
    return { ok: true, claim, nonce };
  }

  /** The listener was lost before the answer to their ticket could be sent: it may be used again. */
  giveBack(nonce: string): void {
    this.#used.delete(nonce);
  }

  #use(nonce: string, expiresAtMs: number, wallMs: number): void {
    this.#used.set(nonce, expiresAtMs);
    for (const [oldest, itsExpiryMs] of this.#used) {
      if (itsExpiryMs > wallMs && this.#used.size <= USED_MAX) break;
      this.#used.delete(oldest);
    }
  }

  #issue(
    kind: Exclude<Claim['kind'], 'none'>,
    personId: number,
    room: string,
    number: number,
    expiresAtMs: number,
  ) {
    this.#issued += 1;
    const { id, key } = this.#keys.present();
    const nonce = `${this.#process}${this.#issued.toString(36)}`;
    const body = Buffer.from(
      `${kind} ${personId} ${room} ${number} ${nonce} ${Math.ceil(expiresAtMs)} ${id}`,
    ).toString('base64url');
    return `${body}.${sign(key, body)}`;
  }
}

function sign(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url');
}
