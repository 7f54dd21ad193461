/** What the parts of the way in are called, in the order in which somebody goes through them. Imports nothing: a page has it. */
export const PHASE_NAMES: Readonly<Record<string, string>> = {
  retries: 'earlier tries',
  dial: 'dialling',
  hallway: 'list of rooms',
  signal: 'first answer',
  queue: 'queue',
  ice: 'ICE',
  dtls: 'DTLS',
  firstAudio: 'first audio',
};
