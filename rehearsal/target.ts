/**
 * Whether a night may be played against a server that is not ours. On this machine it may; anywhere else only within
 * bounds that the user states, as a night is an attack on whoever did not ask for it.
 */
import { z } from 'zod';
import { listIssues, UsageError } from '../errors.ts';

/** As many as one process can hold connections for, and an hour: more is no rehearsal from one machine. */
const LISTENERS_MAX = 20_000;
const SECONDS_MAX = 3_600;

const targetBoundsSchema = z.strictObject({
  listeners: z.coerce.number().int().min(1).max(LISTENERS_MAX).describe('people of the crowd'),
  seconds: z.coerce.number().min(1).max(SECONDS_MAX).describe('length of the night at its time-scale'),
});
export type TargetBounds = z.infer<typeof targetBoundsSchema>;

/**
 * Parses `listeners=500,seconds=120`.
 *
 * @throws UsageError naming every part that is missing, unknown, not a number or beyond the upper bounds.
 */
export function parseBounds(text: string): TargetBounds {
  const parts = text.split(',').map((part) => part.split('='));
  const once = new Set(parts.map(([name]) => name)).size === parts.length;
  const whole = parts.every(([name, value, ...rest]) => name && value && rest.length === 0);
  const parsed = targetBoundsSchema.safeParse(Object.fromEntries(parts));
  if (once && whole && parsed.success) return parsed.data;
  throw new UsageError(
    'bad-bounds',
    `expected --allow-remote listeners=<1 to ${LISTENERS_MAX}>,seconds=<1 to ${SECONDS_MAX}>, got '${text}'${
      parsed.success ? '' : `:\n${listIssues(parsed.error.issues)}`
    }`,
    'state what the owner of the target agreed to, for example --allow-remote listeners=500,seconds=120',
  );
}

/**
 * The target's address in full.
 *
 * @throws UsageError when it is not an address that listeners can dial: they speak plain WebSocket.
 */
export function parseTarget(text: string): string {
  if (!URL.canParse(text)) {
    throw new UsageError(
      'bad-target',
      `expected an address such as ws://127.0.0.1:4443/signal, got '${text}'`,
      'check --target',
    );
  }
  const { protocol, href } = new URL(text);
  if (protocol === 'ws:') return href;
  throw new UsageError('bad-target', `expected ws://, got ${protocol}//`, 'check --target');
}

/** Whether an address is on this machine; URL has brought every spelling of an address to one. */
function isLoopback(target: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(target).hostname);
}

/** A night at its size, as far as its target is concerned. */
export type Load = {
  readonly people: number;
  readonly nightMs: number;
  /** People whose packets come to a sink on loopback, which no server elsewhere reaches. */
  readonly rtpPeople: number;
};

/**
 * Checks a night against the bounds that were stated for its target.
 *
 * @param target null: our own server.
 * @throws UsageError when the target is elsewhere and no bounds were stated, or the night is beyond them.
 */
export function checkTarget(target: string | null, bounds: TargetBounds | null, load: Load): void {
  if (target === null) {
    if (bounds === null) return;
    throw new UsageError(
      'bounds-without-target',
      'expected --allow-remote together with --target, got it alone',
      'our own server runs on this machine and needs no bounds',
    );
  }
  const { hostname } = new URL(target);
  const seconds = Math.ceil(load.nightMs / 1000);
  const night = `this night has ${load.people} listeners and takes ${seconds} s`;
  if (!isLoopback(target) && bounds === null) {
    throw new UsageError(
      'remote-target',
      `${hostname} is not this machine, and ${night}`,
      'start the target here; or, with the consent of its owner, --allow-remote listeners=<n>,seconds=<n>',
    );
  }
  if (bounds !== null && (load.people > bounds.listeners || load.nightMs > bounds.seconds * 1000)) {
    throw new UsageError(
      'beyond-bounds',
      `expected at most ${bounds.listeners} listeners and ${bounds.seconds} s at ${hostname}, and ${night}`,
      'a smaller --scale has fewer listeners, a smaller --time-scale a shorter night',
    );
  }
  if (!isLoopback(target) && load.rtpPeople > 0) {
    throw new UsageError(
      'remote-rtp',
      `${load.rtpPeople} listeners of this night have the body rtp, whose sink is on loopback, and ${hostname} is not`,
      '--bodies signal=1, or webrtc',
    );
  }
}
