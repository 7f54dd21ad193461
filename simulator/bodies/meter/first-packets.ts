/**
 * Who still waits for their first packet. The meter is asked a few times a second, and only while somebody waits:
 * it knows when the packet came, so that asking late costs no accuracy.
 */
import type { PacketMeter } from './sample.ts';

const POLL_MS = 100;

/** tNs is CLOCK_MONOTONIC, up to 100 ms before the call. */
type OnFirst = (tNs: bigint) => void;

export class FirstPackets {
  readonly #meter: Pick<PacketMeter, 'arrived'>;
  readonly #awaiting = new Map<number, OnFirst>();
  #timer: NodeJS.Timeout | null = null;

  constructor(meter: Pick<PacketMeter, 'arrived'>) {
    this.#meter = meter;
  }

  /** Calls onFirst once, when this slot has had a packet. */
  await(slot: number, onFirst: OnFirst): void {
    this.#awaiting.set(slot, onFirst);
    this.#pollIfAwaited();
  }

  /** To be called before the slot is released. */
  forget(slot: number): void {
    this.#awaiting.delete(slot);
  }

  stop(): void {
    this.#awaiting.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #pollIfAwaited(): void {
    if (this.#timer === null && this.#awaiting.size > 0) {
      this.#timer = setTimeout(() => this.#poll(), POLL_MS);
    }
  }

  #poll(): void {
    this.#timer = null;
    for (const { slot, firstNs } of this.#meter.arrived(this.#awaiting.keys())) {
      const onFirst = this.#awaiting.get(slot);
      this.#awaiting.delete(slot);
      onFirst?.(firstNs);
    }
    this.#pollIfAwaited();
  }
}
