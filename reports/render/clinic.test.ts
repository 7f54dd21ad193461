import path from 'node:path';
import { expect, test } from 'vitest';
import { type CpuByModule, SERVER_MODULES } from '../profile-schema.ts';
import type { Summary } from '../summary-schema.ts';
import { clinicPageOf, clinicSection, profileFinding } from './clinic.ts';
import { reproduceCommands } from './reproduce.ts';
import { namesOf } from './run-to-show.ts';

const NOTHING = { cpuMs: 0, share: 0 };

function figures(shares: Partial<Record<(typeof SERVER_MODULES)[number], number>>): CpuByModule {
  return {
    ...{ fromMs: 34_500, toMs: 65_000, samples: 9_000 },
    ...{ processMs: 10_500, mainThreadMs: 10_000, otherThreadsMs: 500, workerMs: null },
    modules: Object.fromEntries(
      SERVER_MODULES.map((name) => {
        const share = shares[name];
        return [name, share === undefined ? NOTHING : { cpuMs: 10_000 * share, share }];
      }),
    ) as CpuByModule['modules'],
    functions: [
      {
        ...{
          name: '<script>alert(1)</script>',
          file: 'server/rooms/presence.ts',
          line: 24,
          module: 'presence',
        },
        ...{ cpuMs: 6_000, share: 0.6 },
      },
    ],
  };
}

function profiled(
  cpuByModule: CpuByModule | null,
  profiler: Summary['run']['profiler'] = { tool: 'flame', page: 'clinic/flame.html', problem: null },
) {
  const run = { profiler, profile: 'guarded', policy: 'waiting-room', features: {}, target: null };
  return {
    name: 'guarded',
    summary: { run, server: { cpuByModule } } as unknown as Summary,
    clinicPage: 'clinic/flame.html',
  };
}

test('a part is named as the cause only where it took more than half', () => {
  expect(profileFinding('naive', figures({ presence: 0.6, signalling: 0.4 }))).toBe(
    "naive: Presence took 60 % of the server's main thread in the surge, 6.00 s of 10 s",
  );
  expect(profileFinding('naive', figures({ presence: 0.5, signalling: 0.3, gc: 0.2 }))).toBe(
    "naive: no part took half; the most was Presence, 50 % of the server's main thread in the surge, 5.00 s of 10 s",
  );
  expect(profileFinding('naive', { ...figures({}), samples: 0 })).toBe(
    'naive: nobody saw the server at work in the surge',
  );
});

test('the section has every part, the dearest first, links the page, and escapes what a function is called', () => {
  const { html } = clinicSection([profiled(figures({ presence: 0.6, admission: 0.3, gc: 0.1 }))]);
  const order = [
    'Presence<',
    'Admission<',
    'Garbage collection<',
    'The main thread in all<',
    'Other threads<',
  ];
  const places = order.map((title) => html.indexOf(`<th scope="row">${title}`));
  expect(places.every((place, nth) => place > (places[nth - 1] ?? 0))).toBe(true);
  expect(html).toContain('9,000 stacks seen at work, 0:35 to 1:05');
  expect(html).toContain('<a href="clinic/flame.html">');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toContain('<script>');
});

test('what is missing is said, without a table; without a profiler there is no section', () => {
  const problem = 'clinic failed (1) <b>';
  const { html } = clinicSection([
    { ...profiled(null, { tool: 'doctor', page: null, problem }), clinicPage: null },
  ]);
  expect(html).toContain('Missing: clinic failed (1) &lt;b&gt;.');
  expect(html).not.toContain('<table');
  expect(html).not.toContain('<a ');
  expect(clinicSection([profiled(null, null)]).html).toBe('');
});

test('the page is found from where the report lies', () => {
  const { summary } = profiled(null);
  expect(clinicPageOf('runs/a b', 'runs/a b', summary)).toBe('clinic/flame.html');
  expect(clinicPageOf(path.join('runs', 'a b'), path.join('runs', 'both'), summary)).toBe(
    '../a%20b/clinic/flame.html',
  );
  expect(clinicPageOf('runs/a', 'runs/a', profiled(null, null).summary)).toBeNull();
});

test('a profiled run is marked in its name, and its command says so', () => {
  const { summary } = profiled(null);
  expect(namesOf([summary])).toEqual(['guarded (profiled)']);
  const run = {
    ...summary.run,
    ...{ scenario: 'zuckerberg', seed: 1, scale: 1, timeScale: 1, faults: [] },
    bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
  };
  const [command] = reproduceCommands([{ summary: { run } }] as unknown as Parameters<
    typeof reproduceCommands
  >[0]);
  expect(command).toMatch(/^npx roomrush run zuckerberg .* --clinic flame$/);
});
