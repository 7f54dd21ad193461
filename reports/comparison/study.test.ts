/** The study's page: made of its data, between markers, and kept in step with it. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { comparedIn, type Study, type StudyNight, studySchema } from './study.ts';
import { withStudy } from './study-page.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const night: StudyNight = {
  night: 'small',
  title: 'A small night',
  bound: 'signalling',
  features: ['presence=each'],
  scale: 0.5,
  timeScale: 0.3,
  people: 100,
  seats: 50,
  nightMs: 30_000,
  headlineBody: 'webrtc',
  policies: ['cap-soft', 'cap'],
  seeds: SEEDS,
  runs: [
    {
      policy: 'open',
      seed: 1,
      role: 'probe',
      again: false,
      result: 'fail',
      partial: false,
      reasons: [],
      figures: {},
    },
    ...SEEDS.flatMap((seed) =>
      ['cap-soft', 'cap'].map((policy) => ({
        ...{ policy, seed, role: 'compared' as const, again: false, partial: false, reasons: [] },
        result: 'fail' as const,
        figures: {
          'crowd.neverInShare':
            (policy === 'cap' ? 0.2 : 0.5) + seed / 1000 + (policy === 'cap' ? seed % 2 : 0) / 100,
          'joinLatencyMs.webrtc.p50': policy === 'cap' ? 2_000 : null,
          'server.cpuSeconds': 10 + seed,
        },
      })),
    ),
  ],
};
const study: Study = {
  schema: 'roomrush/study@1',
  measuredAt: '2026-11-24',
  machine: { cpuModel: 'a processor', cores: 2, memoryBytes: 8e9 },
  versions: { roomrush: '0.1.0', node: '24.0.0' },
  nights: [night],
};

test('the page says what the data says: basis, choice, figures', () => {
  const page = withStudy('', study);
  expect(page).toContain('Measured on 2026-11-24: a processor, 2 cores, 8 GB; roomrush 0.1.0, node 24.0.0.');
  expect(page).toContain('- This night discriminates: open fails it.');
  expect(page).toMatch(
    /- cap rather than cap-soft: never got in −29\.5 pt \(.+\)\. No cost of it was seen\./,
  );
  expect(page).toContain('| all objectives held | 0 of 6 | 0 of 6 |');
  expect(page).toContain(
    '| Join latency p50, webrtc<br>_not reached: cap-soft 6 of 6 runs; 6 pairs have no difference_ | – | 2.00 s<br><br>nothing to compare |',
  );
  expect(page).toContain('the same in every pair');
});

test('what stands around the markers stays, and making it twice changes nothing', () => {
  const once = withStudy('# Mine\n\nBefore.\n', study);
  expect(once.startsWith('# Mine\n\nBefore.\n\n<!-- made by npm run study: begin -->')).toBe(true);
  expect(withStudy(`${once}\nAfter.\n`, study)).toBe(`${once}\nAfter.\n`);
  const other = withStudy(`${once}\nAfter.\n`, { ...study, measuredAt: '2027-01-01' });
  expect(other).toContain('Measured on 2027-01-01');
  expect(other).not.toContain('2026-11-24');
  expect(other.endsWith('\nAfter.\n')).toBe(true);
});

test('the data survives its file, and gives the same comparison', () => {
  const back = studySchema.parse(JSON.parse(JSON.stringify(study)));
  expect(comparedIn(back.nights[0]!)).toEqual(comparedIn(night));
});

test('the page in docs is the one that its data makes', () => {
  const folder = new URL('../../docs/study/', import.meta.url);
  const page = readFileSync(new URL('README.md', folder), 'utf8');
  const data = new URL('study.json', folder);
  if (!existsSync(data)) expect(page).toContain('Not measured yet: `npm run study`.');
  else expect(withStudy(page, studySchema.parse(JSON.parse(readFileSync(data, 'utf8'))))).toBe(page);
});
