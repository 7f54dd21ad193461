/**
 * The keys that sign tickets. A new one is drawn once in a while and signs from then on; the one before is still
 * good for checking, so that a ticket outlives one change of key and no more. They are kept in `<runDir>/ticket.keys`,
 * readable by its owner only, so that a restarted server honours the tickets of the one before.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { nodeCode, ServerError } from '../errors.ts';

const KEY_BYTES = 32;
/** Keys that are still good for checking beside the one that signs. */
const FORMER_KEYS = 1;

type TicketKey = { readonly id: string; readonly key: Buffer };

const keysSchema = z
  .array(z.strictObject({ id: z.string().regex(/^[\w-]{1,16}$/), key: z.base64().length(44) }))
  .min(1)
  .max(1 + FORMER_KEYS);

export class TicketKeys {
  readonly #path: string;
  /** The one that signs stands first. */
  #keys: readonly TicketKey[];

  constructor(path: string, keys: readonly TicketKey[]) {
    this.#path = path;
    this.#keys = keys;
  }

  present(): TicketKey {
    return this.#keys[0]!;
  }

  find(id: string | undefined): Buffer | undefined {
    return this.#keys.find((key) => key.id === id)?.key;
  }

  /** Draws a new key; tickets of the one before last are no longer good. Throws, and changes nothing, when it cannot be kept. */
  rotate(): void {
    const keys = [drawKey(), ...this.#keys.slice(0, FORMER_KEYS)];
    this.#write(keys);
    this.#keys = keys;
  }

  save(): void {
    this.#write(this.#keys);
  }

  #write(keys: readonly TicketKey[]): void {
    const kept = keys.map(({ id, key }) => ({ id, key: key.toString('base64') }));
    writeFileSync(this.#path, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  }
}

/**
 * Opens the keys of a run.
 *
 * @throws ServerError RUN_DIR when they can be neither read nor written, or the file is not one of ours.
 */
export async function openTicketKeys(runDir: string): Promise<TicketKeys> {
  const path = join(runDir, 'ticket.keys');
  try {
    const keys = new TicketKeys(path, (await readKeys(path)) ?? [drawKey()]);
    keys.save();
    return keys;
  } catch (error) {
    throw new ServerError(
      'RUN_DIR',
      `the ticket keys ${path} cannot be kept: ${error instanceof Error ? error.message : error}`,
      "See that the run's folder exists, is writable and has space; a damaged file may be removed.",
      { cause: error },
    );
  }
}

async function readKeys(path: string): Promise<readonly TicketKey[] | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (nodeCode(error) === 'ENOENT') return null;
    throw error;
  }
  return keysSchema.parse(JSON.parse(text)).map(({ id, key }) => ({ id, key: Buffer.from(key, 'base64') }));
}

function drawKey(): TicketKey {
  return { id: randomBytes(6).toString('base64url'), key: randomBytes(KEY_BYTES) };
}
