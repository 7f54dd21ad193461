import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openJournal, readJournal } from './journal.ts';

async function runDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'roomrush-journal-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const noTrouble = (error: unknown): void => {
  throw error;
};

test('what was taken and not released is left to the next server', async () => {
  const folder = await runDir();
  const { journal, inheritance } = await openJournal(folder, true, noTrouble);
  expect(inheritance).toBe(null);
  await journal.taken(7, 'main', 1);
  await Promise.all([journal.taken(8, 'main', 2), journal.taken(9, 'main-overflow-1', 1)]);
  journal.released('main', 1);
  journal.moved(9, { room: 'main-overflow-1', seat: 1 }, { room: 'main', seat: 1 });
  journal.placed(1);
  journal.placed(2);
  await journal.close();
  await appendFile(join(folder, 'seats.journal'), 'T main 3 1');
  const expected = {
    seats: [
      { personId: 8, room: 'main', seat: 2 },
      { personId: 9, room: 'main', seat: 1 },
    ],
    nextSequence: 1_025,
  };
  const second = await openJournal(folder, true, noTrouble);
  expect(second.inheritance).toEqual(expected);
  await second.journal.close();
  expect(await readFile(join(folder, 'seats.journal'), 'utf8')).toBe('T main 2 8\nT main 1 9\nQ 1025\n');
  const third = await openJournal(folder, false, noTrouble);
  expect(third.inheritance).toEqual({ seats: [], nextSequence: 1_025 });
  await third.journal.close();
});

test('a taken seat is in the file when the append resolves; what is appended meanwhile shares a write', async () => {
  const folder = await runDir();
  const { journal } = await openJournal(folder, true, noTrouble);
  const appends = Array.from({ length: 500 }, (_, index) => journal.taken(index, 'main', index + 1));
  await appends[0];
  expect(await readFile(join(folder, 'seats.journal'), 'utf8')).toContain('T main 1 0\n');
  await Promise.all(appends);
  const { seats } = readJournal(await readFile(join(folder, 'seats.journal'), 'utf8'));
  expect(seats).toHaveLength(500);
  await journal.close();
});

test('damage is passed over', () => {
  const text = 'T main 0 1\nT main 9999999 1\nT MAIN 1 1\nnonsense\n\0\0\nR main\nQ x\nT main 5 6\nT main 6';
  expect(readJournal(text)).toEqual({ seats: [{ personId: 6, room: 'main', seat: 5 }], nextSequence: 1 });
});

test('an append that cannot be written rejects', async () => {
  const folder = await runDir();
  const { journal } = await openJournal(folder, true, noTrouble);
  await journal.close();
  await expect(journal.taken(1, 'main', 1)).rejects.toThrow();
});
