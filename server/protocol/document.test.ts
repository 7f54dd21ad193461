import { expect, test } from 'vitest';
import { protocolMarkdown } from './document.ts';
import { EJECTION_CAUSES, ERROR_CODES, listenerMessages, serverMessages } from './messages.ts';
import { FROM_LISTENER, FROM_SERVER } from './wire.ts';

const page = protocolMarkdown();

test('every message stands under its letter', () => {
  for (const name of Object.keys(listenerMessages) as (keyof typeof listenerMessages)[])
    expect(page).toContain(`### \`${FROM_LISTENER[name]}\` ${name}\n`);
  for (const name of Object.keys(serverMessages) as (keyof typeof serverMessages)[])
    expect(page).toContain(`### \`${FROM_SERVER[name]}\` ${name}\n`);
});

test('every error code and every cause has a row', () => {
  for (const code of Object.keys(ERROR_CODES)) expect(page).toContain(`| \`${code}\` | `);
  for (const cause of EJECTION_CAUSES) expect(page).toContain(`| \`${cause}\` | `);
});

test('fields are shown with type, bounds and meaning', () => {
  expect(page).toContain("| `attempt` | integer 1 to 1000000 | counts this person's asks from 1 |");
  expect(page).toContain(
    '| `ticket` (optional) | string 1 to 512 characters | from an earlier waiting, seated or ejected |',
  );
  expect(page).toContain(
    '| `media` | [WebrtcOffer](#webrtcoffer) or [RtpOffer](#rtpoffer) or null | null: the audio goes on',
  );
  expect(page).toContain('| `user` | [User](#user) |');
  expect(page).toContain('| `fingerprint` | [Fingerprint](#fingerprint) |');
  expect(page).toContain('| `sink` | [RtpSink](#rtpsink) |');
  expect(page).toContain('| `kind` | `"rtp"` |');
  expect(page).not.toContain('undefined');
});
