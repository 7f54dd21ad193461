/**
 * A policy as data: parts, the outermost first, each with its parameters. `open`, `cap-soft` and `cap` are whole
 * policies on their own; the others stand over or under one of them. What contradicts itself is refused by name.
 *
 *   priority > waiting-room > token-bucket > adaptive > open | cap-soft | cap > hold > overflow
 */
import { z } from 'zod';
import { adaptiveParameters } from './adaptive.ts';
import { capParameters } from './cap.ts';
import { capSoftParameters } from './cap-soft.ts';
import { holdParameters } from './hold.ts';
import { openParameters } from './open.ts';
import { overflowParameters } from './overflow.ts';
import { priorityParameters } from './priority.ts';
import { tokenBucketParameters } from './token-bucket.ts';
import { waitingRoomParameters } from './waiting-room.ts';

/** Every part, the outermost first: a policy lists its parts in this order. */
export const PARTS = {
  priority: priorityParameters,
  'waiting-room': waitingRoomParameters,
  'token-bucket': tokenBucketParameters,
  adaptive: adaptiveParameters,
  open: openParameters,
  'cap-soft': capSoftParameters,
  cap: capParameters,
  hold: holdParameters,
  overflow: overflowParameters,
} as const;
export type PartName = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as readonly PartName[];

/** The parameters that a policy sets, by part; what is absent has the part's default or the night's value. */
export const policyParametersSchema = z.strictObject(PARTS).partial();
export type PolicyParameters = z.infer<typeof policyParametersSchema>;

export type Policy = { readonly parts: readonly PartName[]; readonly parameters: PolicyParameters };

/** One part as a scenario writes it. */
export type PartInput = { readonly part: string } & Readonly<Record<string, unknown>>;

/**
 * Reads a policy and checks it whole.
 *
 * @returns the policy, or every problem with it in words: unknown parts, parameters out of range, contradictions.
 */
export function readPolicy(
  list: readonly PartInput[],
): { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly problems: string[] } {
  const problems: string[] = [];
  const parts: PartName[] = [];
  const parameters: Record<string, unknown> = {};
  list.forEach(({ part, ...given }, nth) => {
    if (!isPart(part)) {
      problems.push(`${nth}: expected one of ${PART_NAMES.join(', ')}, got '${part}'`);
      return;
    }
    const parsed = PARTS[part].safeParse(given);
    if (parsed.success) parameters[part] = parsed.data;
    else
      for (const { path, message } of parsed.error.issues)
        problems.push(`${nth}.${[part, ...path.map(String)].join('.')}: ${message}`);
    parts.push(part);
  });
  const inOrder = [...parts].sort((a, b) => PART_NAMES.indexOf(a) - PART_NAMES.indexOf(b));
  const misplaced = parts.find((part, nth) => part !== inOrder[nth]);
  if (misplaced !== undefined)
    problems.push(`${misplaced} stands in the wrong place: expected ${inOrder.join(' > ')}`);
  problems.push(...contradictions(parts, parameters as PolicyParameters));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, policy: { parts, parameters: parameters as PolicyParameters } };
}

/** Why these parts cannot work together, in words; empty when they can. */
export function contradictions(parts: readonly PartName[], parameters: PolicyParameters): string[] {
  const problems: string[] = [];
  const has = (part: PartName): boolean => parts.includes(part);
  for (const part of new Set(parts))
    if (parts.indexOf(part) !== parts.lastIndexOf(part)) problems.push(`${part} stands twice`);
  const caps = parts.filter((part) => part === 'open' || part === 'cap-soft' || part === 'cap');
  if (new Set(caps).size !== 1)
    problems.push(`expected exactly one of open, cap-soft and cap, got ${caps.join(', ') || 'none'}`);
  if (has('open') && has('overflow'))
    problems.push('overflow contradicts open: a room without a limit is never full, so none would ever open');
  if (has('waiting-room') && has('open') && !has('token-bucket') && !has('adaptive'))
    problems.push('waiting-room contradicts open: without a limit of any kind nobody would ever wait');
  const seats = parameters.cap?.seats ?? parameters['cap-soft']?.seats;
  const { seatsMin } = parameters.adaptive ?? {};
  if (has('adaptive') && seats !== undefined && seatsMin !== undefined && seatsMin >= seats)
    problems.push(
      `adaptive contradicts the cap: its limit never falls below seatsMin ${seatsMin}, and the cap is ${seats}`,
    );
  return problems;
}

function isPart(name: string): name is PartName {
  return Object.hasOwn(PARTS, name);
}
