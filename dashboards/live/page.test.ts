/** The live page in a real Chromium, told by a real stream of nights made by hand. */
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { causeColour, PHASE_COLOUR, PROCESS_COLOUR, runColour } from '../../reports/palette.ts';
import { expectNarrow } from '../../reports/testing/narrow.ts';
import { expectLikeSnapshot, pictureOf, unlikeShare } from '../../reports/testing/snapshots.ts';
import { expectAccessible, launchChromium } from '../../server/page/testing/chromium.ts';
import type { LiveFrame, SecondFrame } from './frames.ts';
import { LIVE_STATE_COLOUR } from './page/names.ts';
import { handNight, handPlan, handSecond } from './testing/hand-night.ts';
import { streamOf, WatchedPage } from './testing/watched.ts';

const INK = '#1d1f21';
const SNAPSHOTS = new URL('./testing/snapshots/', import.meta.url);

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** First and last column that has a colour. */
function stripe(columns: readonly number[]): { readonly left: number; readonly right: number } {
  return { left: columns.findIndex((dots) => dots > 0), right: columns.findLastIndex((dots) => dots > 0) };
}

function sum(columns: readonly number[]): number {
  return columns.reduce((total, dots) => total + dots, 0);
}

function lastSecond(frames: readonly LiveFrame[]): SecondFrame {
  return frames.findLast((frame) => frame.type === 'second')!;
}

async function watch(frames: readonly LiveFrame[], look = {}) {
  const stream = await streamOf(frames);
  const watched = await WatchedPage.open(browser, stream.url, look);
  return { stream, watched };
}

test('the crowd is drawn in its colours, in its proportions and at its time', async () => {
  const frames = handNight('collapsing', 115);
  const { watched } = await watch(frames);
  await watched.shows(115);
  const seconds = frames.filter((frame) => frame.type === 'second');
  const peopleSeconds = (state: 'in' | 'arriving' | 'given-up') =>
    seconds.reduce((total, { crowd }) => total + crowd[state], 0);
  const inside = await watched.columns('crowd-0', LIVE_STATE_COLOUR.in);
  for (const state of ['arriving', 'given-up'] as const) {
    const dots = sum(await watched.columns('crowd-0', LIVE_STATE_COLOUR[state]));
    const expected = peopleSeconds(state) / peopleSeconds('in');
    expect(Math.abs(dots / sum(inside) / expected - 1), state).toBeLessThan(0.1);
  }
  // The night's axis ends with the night, which has been drawn to its end: seats are first lost at 46 of 115 s.
  const night = stripe(inside);
  const out = stripe(await watched.columns('crowd-0', LIVE_STATE_COLOUR.stranded));
  const secondAt = (column: number) => 1 + (114 * (column - night.left)) / (night.right - night.left);
  expect(secondAt(out.left)).toBeGreaterThan(55);
  expect(secondAt(out.left)).toBeLessThan(60);
  expect(out.right).toBe(night.right);
  watched.expectNoComplaints();
});

test('a chart that is not drawn is noticed', async () => {
  const { watched } = await watch(handNight('collapsing', 60));
  await watched.shows(60);
  await watched.page.$eval('#crowd-0 canvas', (canvas) => {
    (canvas as HTMLCanvasElement).getContext('2d')!.clearRect(0, 0, 5_000, 5_000);
  });
  expect(sum(await watched.columns('crowd-0', LIVE_STATE_COLOUR.in))).toBe(0);
});

test('moments are lines where they belong, in the chart and in words; a fault has its own colour', async () => {
  const frames: readonly LiveFrame[] = [
    ...handNight('collapsing', 60),
    { type: 'mark', nth: 0, kind: 'fault', nightMs: 58_000, text: 'a worker was killed' },
  ];
  const { watched } = await watch(frames);
  await watched.says('#crowd-0 .happenings', 'a worker was killed');
  const linesOf = async (colour: string, dotsMin: number) =>
    (await watched.columns('crowd-0', colour)).flatMap((dots, column) => (dots > dotsMin ? [column] : []));
  const lines = await linesOf(INK, 60);
  // Those that have come are two dots wide; the one that is to come is one dot, and dashed.
  expect(lines).toHaveLength(5);
  const [first, , second, , third] = lines as [number, number, number, number, number];
  const secondAt = (column: number) => 35 + ((100 - 35) * (column - first)) / (third - first);
  expect(secondAt(second)).toBeCloseTo(47, 0);
  // The same time as that of the data, which ends at the last second.
  const { right } = stripe(await watched.columns('crowd-0', LIVE_STATE_COLOUR.in));
  expect(secondAt(right)).toBeCloseTo(60, 0);
  const fault = (await linesOf('#d55e00', 150)).at(-1)!;
  expect(secondAt(fault)).toBeCloseTo(58, 0);
  const said = await watched.page.$$eval('#crowd-0 .happenings li', (items) =>
    items.map(({ textContent }) => textContent?.replaceAll(/\s+/g, ' ').trim()),
  );
  expect(said).toEqual([
    '0:35 The guest walks in',
    '0:47 Word goes round',
    '0:58 a worker was killed a fault',
    '1:40 The talk ends to come',
  ]);
});

test('every other chart is drawn in its own colours', async () => {
  const { watched } = await watch(handNight('collapsing', 80));
  await watched.shows(80);
  const drawn = {
    'latency-0': [PHASE_COLOUR.dial, PHASE_COLOUR.signal],
    'losses-0': [causeColour('pong-timeout'), causeColour('connection-lost')],
    'cpu-0': [PROCESS_COLOUR.server, runColour(2)],
    'probe-0': [PROCESS_COLOUR.server],
    'late-0': [PROCESS_COLOUR.server],
  };
  for (const [figure, colours] of Object.entries(drawn)) {
    for (const colour of colours)
      expect(sum(await watched.columns(figure, colour)), `${figure} ${colour}`).toBeGreaterThan(50);
  }
});

test('the numbers in the page are those of the frames, second after second', async () => {
  const frames = handNight('collapsing', 61);
  const { stream, watched } = await watch(frames.slice(0, -1));
  await watched.shows(60);
  stream.tell(frames.at(-1)!);
  await watched.shows(61);
  const { crowd, arrived, lossesByCause } = lastSecond(frames);
  const shown = Object.fromEntries(
    await watched.page.$$eval('#night-0 [data-figure]', (figures) =>
      figures.map((figure) => [(figure as HTMLElement).dataset['figure'], figure.textContent]),
    ),
  );
  const lost = Object.values(lossesByCause).reduce((total, count) => total + count, 0);
  const text = (value: number) => value.toLocaleString('en-US');
  expect(shown).toEqual({
    arrived: text(arrived),
    inside: text(crowd.in + crowd.overflow),
    queueing: text(crowd.queueing),
    arriving: text(crowd.arriving + crowd.joining),
    lost: text(lost),
    out: text(crowd.ejected + crowd.stranded),
    gaveUp: text(crowd['given-up']),
  });
  expect(await watched.text('#night-0 .time')).toBe('1:01 of 1:55, 0:54 to go');
  expect(await watched.text('#night-0 .stage')).toBe('The surge is on, until 1:05.');
  expect(await watched.text('#losses-0 .now')).toBe(
    `${text(lost)} seats lost so far: ${lossesByCause['pong-timeout']} pong-timeout and ${lossesByCause['connection-lost']} connection-lost.`,
  );
  const label = await watched.attribute('#crowd-0 canvas', 'aria-label');
  expect(label).toContain(`${text(crowd.in)} in the main room`);
  expect(await watched.attribute('#crowd-0 canvas', 'role')).toBe('img');
  const main = await watched.page.$eval('#rooms-0 [data-room=main]', (room) => ({
    text: room.querySelector('.seats')!.textContent,
    percent: Number.parseFloat((room.querySelector('.fill') as HTMLElement).style.height),
  }));
  expect(main).toEqual({
    text: `${text(crowd.in)} of 2,000 seats`,
    percent: crowd.in / 20,
  });
  watched.expectNoComplaints();
});

test('an objective turns red, by a sign and a word too, and its verdict comes at the end', async () => {
  const { stream, watched } = await watch(handNight('collapsing', 45));
  await watched.shows(45);
  const of = (id: string) =>
    watched.page.$eval(`#promises [data-objective=${id}]`, (item) => ({
      state: (item as HTMLElement).dataset['state'],
      sign: item.querySelector('.sign')!.textContent,
      word: item.querySelector('strong')!.textContent,
      measured: item.querySelector('.measured')!.textContent,
      colour: getComputedStyle(item.querySelector('strong')!).color,
    }));
  const before = await of('ejections');
  expect(before).toMatchObject({ state: 'holds', sign: '✓', word: 'holds so far', measured: '0 %' });
  stream.tell(handNight('collapsing', 46).at(-1)!);
  await watched.shows(46);
  const after = await of('ejections');
  expect(after).toMatchObject({ state: 'broken', sign: '✕', word: 'broken', measured: '3.76 %' });
  expect(after.colour).not.toBe(before.colour);
  expect(await of('gap')).toMatchObject({ state: 'later', word: 'judged at the end', measured: '' });
  expect(await watched.text('#news')).toContain(
    'the first seats are lost, by pong-timeout and connection-lost',
  );
  stream.tell({
    type: 'verdict',
    nth: 0,
    result: 'fail',
    reasons: ['35 seats were lost'],
    objectives: [{ id: 'gap', isPass: true, measured: '91 ms' }],
  });
  await watched.says('#news', 'Verdict on clubhouse-2021: fail.');
  await watched.says('#night-0 .badge', 'fail');
  expect(await of('gap')).toMatchObject({ state: 'holds', word: 'held', measured: '91 ms' });
  expect(await watched.text('#night-0 .reasons')).toBe('35 seats were lost');
  stream.tell({ type: 'end', hasReport: true });
  await watched.says('#link', 'the run is over');
  expect(await watched.page.$eval('#report', (link) => (link as HTMLElement).hidden)).toBe(false);
});

test('a lost connection is said, and the page is as it was when it is back', async () => {
  const frames = handNight('collapsing', 60);
  const { stream, watched } = await watch(frames);
  await watched.shows(60);
  await watched.open('#losses-0');
  await watched.page.waitForSelector('#losses-0 tbody tr');
  const before = await watched.everything();
  const { port } = new URL(stream.url);
  await stream.close();
  await watched.says('#link', 'connection lost, trying again');
  await watched.says('#news', 'The connection is lost; trying again.');
  // What is known stays to be read.
  expect(await watched.text('#night-0 [data-figure=arrived]')).not.toBe('–');
  await streamOf(frames, Number(port));
  await watched.says('#link', 'live');
  await watched.says('#news', 'Connected again.');
  expect(await watched.everything()).toBe(before);
  watched.expectNoComplaints();
});

test('where another run answers after a lost connection, nothing of the one before is left', async () => {
  const { stream, watched } = await watch(handNight('collapsing', 60));
  await watched.shows(60);
  const { port } = new URL(stream.url);
  await stream.close();
  await watched.says('#link', 'connection lost');
  const other = await streamOf(handNight('holding', 62), Number(port));
  await watched.says('#night-0 h2', 'guarded');
  const fresh = await WatchedPage.open(browser, other.url);
  await fresh.shows(62);
  expect(await watched.everything()).toBe(await fresh.everything());
});

test('whoever comes late sees what those see who were there from the start', async () => {
  const frames = handNight('collapsing', 64);
  const { stream, watched: early } = await watch(frames.slice(0, 1));
  await early.says('#night-0 .stage', 'About to begin.');
  for (const frame of frames.slice(1)) stream.tell(frame);
  await early.shows(64);
  const late = await WatchedPage.open(browser, stream.url);
  await late.shows(64);
  expect(await late.everything()).toBe(await early.everything());
});

test('two nights have the same axes, and one chart has both', async () => {
  const { watched } = await watch([...handNight('collapsing', 115), ...handNight('holding', 58, { nth: 1 })]);
  await watched.shows(58);
  expect(await watched.page.$$eval('#crowds figure', (figures) => figures.map(({ id }) => id))).toEqual([
    'crowd-0',
    'crowd-1',
  ]);
  const [first, second] = [
    await watched.columns('crowd-0', LIVE_STATE_COLOUR.in),
    await watched.columns('crowd-1', LIVE_STATE_COLOUR.in),
  ];
  const [whole, half] = [stripe(first), stripe(second)];
  expect(half.left).toBe(whole.left);
  expect((half.right - half.left) / (whole.right - whole.left)).toBeCloseTo(57 / 114, 2);
  // Before the surge the same people are in either room: as high in either chart.
  const calm = Math.round(whole.left + (24 / 114) * (whole.right - whole.left));
  expect(second[calm]).toBe(first[calm]);
  expect(first[calm]).toBeGreaterThan(20);
  for (const nth of [0, 1])
    expect(sum(await watched.columns('compare', runColour(nth)))).toBeGreaterThan(250);
  expect(await watched.text('#compare .now')).toContain('clubhouse-2021: 450 in, 1,050 lost.');
  expect(await watched.text('#night-1 h2')).toContain('guarded');
});

test("texts of a night are text, whatever they hold, and read in their own script's direction", async () => {
  const script = '<script>document.title="broken"</script><img src=x onerror="document.title=\'broken\'">';
  const hebrew = 'הלילה שבו כולם באו';
  const cause = { [script]: 3 };
  const { watched } = await watch([
    handPlan({ title: hebrew, name: script, moments: [{ nightMs: 500, title: script }] }),
    { type: 'mark', nth: 0, kind: 'fault', nightMs: 700, text: script },
    handSecond({
      arrived: 3,
      lossesByCause: cause,
      rooms: [{ id: script, kind: 'parallel', taken: 1, seats: 2 }],
    }),
    { type: 'verdict', nth: 0, result: 'void', reasons: [script], objectives: [] },
  ]);
  await watched.says('#night-0 .badge', 'void');
  expect(await watched.page.title()).toContain(hebrew);
  for (const where of ['#night-0 h2', '#night-0 .reasons', '#losses-0 .now', '#rooms-0 .room', '.happenings'])
    expect(await watched.text(where), where).toContain(script);
  expect(await watched.page.$$('main script, main img')).toHaveLength(0);
  const directions = await watched.page.$$eval('h1, #night-0 bdi', (elements) =>
    elements.map((element) => getComputedStyle(element).direction),
  );
  expect(directions).toEqual(['rtl', 'ltr']);
  watched.expectNoComplaints();
});

test('a night to which nobody comes, and a server that is open without a night', async () => {
  const nobody = await watch([handPlan({ people: 0 }), handSecond({}), handSecond({ nightMs: 2_000 })]);
  await nobody.watched.shows(2);
  expect(await nobody.watched.text('#crowd-0 .now')).toBe('Nobody has come yet.');
  expect(await nobody.watched.visibleText()).not.toMatch(/NaN|Infinity|undefined|null/);
  nobody.watched.expectNoComplaints();
  const open = await watch([
    handPlan({
      people: 0,
      surgeStartMs: null,
      surgeEndMs: null,
      nightEndMs: null,
      moments: [],
      objectives: [],
    }),
    handSecond({ crowd: { ...handSecond({}).crowd, in: 12, queueing: 3 } }),
  ]);
  await open.watched.shows(1);
  expect(await open.watched.text('#crowd-0 .now')).toBe('Now: 12 in the main room and 3 in the queue.');
  expect(await open.watched.page.$$eval('figure', (figures) => figures.map(({ id }) => id))).toEqual([
    'crowd-0',
    'rooms-0',
    'cpu-0',
  ]);
  // Who lost a seat is not known here: it is not said to be nobody.
  expect(await open.watched.visibleText()).not.toMatch(/lost|gave up|NaN|Infinity/);
  open.watched.expectNoComplaints();
});

test('a table is behind each chart, made when it is opened, and grows while it is open', async () => {
  const frames = handNight('collapsing', 66);
  const { stream, watched } = await watch(frames.slice(0, -6));
  await watched.shows(60);
  const figures = await watched.page.$$eval('figure', (all) => all.map(({ id }) => id));
  expect(figures).toEqual(['crowd-0', 'rooms-0', 'latency-0', 'losses-0', 'cpu-0', 'probe-0', 'late-0']);
  expect(await watched.page.$$('table')).toHaveLength(0);
  for (const figure of figures) await watched.open(`#${figure}`);
  await watched.page.waitForFunction((count) => document.querySelectorAll('table').length === count, {}, 7);
  const rows = (figure: string) =>
    watched.page.$$eval(`#${figure} tbody tr`, (lines) =>
      lines.map((line) => [...line.children].map(({ textContent }) => textContent)),
    );
  const before = await rows('losses-0');
  expect(before.map(([time]) => time)).toEqual([
    '0:05',
    '0:10',
    '0:15',
    '0:20',
    '0:25',
    '0:30',
    '0:35',
    '0:40',
    '0:45',
    '0:50',
    '0:55',
  ]);
  expect(before[9]).toEqual(['0:50', '175', '140 pong-timeout and 35 connection-lost', '175']);
  await watched.page.$eval('#losses-0 tbody tr', (row) => {
    row.id = 'kept';
  });
  for (const frame of frames.slice(-6)) stream.tell(frame);
  await watched.shows(66);
  expect((await rows('losses-0')).slice(0, before.length)).toEqual(before);
  expect((await rows('losses-0')).slice(before.length).map(([time]) => time)).toEqual(['1:00', '1:05']);
  expect(await watched.page.$$('#losses-0 #kept')).toHaveLength(1);
});

test('what nobody looks at is not drawn until they come back', async () => {
  const frames = handNight('collapsing', 62);
  const { stream, watched } = await watch(frames.slice(0, -2));
  await watched.shows(60);
  const show = (state: string) =>
    watched.page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await show('hidden');
  stream.tell(frames.at(-2)!);
  stream.tell(frames.at(-1)!);
  stream.tell({ type: 'mark', nth: 0, kind: 'fault', nightMs: 62_000, text: 'a worker was killed' });
  // Told at once, in words, to whoever listens.
  await watched.says('#news', 'a worker was killed');
  expect(await watched.attribute('html', 'data-shown-ms')).toBe('60000');
  await show('visible');
  await watched.shows(62);
});

test('axe finds nothing in either theme, tables open and closed, and a telephone holds it all', async () => {
  const { watched } = await watch([
    ...handNight('collapsing', 115),
    { type: 'verdict', nth: 0, result: 'fail', reasons: ['35 seats were lost'], objectives: [] },
    ...handNight('holding', 60, { nth: 1 }),
  ]);
  await watched.shows(60);
  await expectAccessible(watched.page);
  for (const summary of await watched.page.$$('summary'))
    await summary.evaluate((element) => (element as HTMLElement).click());
  await watched.page.waitForFunction(() => document.querySelectorAll('table').length > 10);
  await expectAccessible(watched.page);
  await expectNarrow(watched.page);
  watched.expectNoComplaints();
});

test('in other colours the charts are drawn again', async () => {
  const { watched } = await watch(handNight('collapsing', 60));
  await watched.shows(60);
  await watched.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await watched.page.waitForFunction(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('#crowd-0 canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    // The ink of the dark page, which no data has.
    for (let at = 0; at < data.length; at += 4)
      if (data[at] === 0xe9 && data[at + 1] === 0xe7 && data[at + 2] === 0xe3) return true;
    return false;
  });
  expect(sum(await watched.columns('crowd-0', INK))).toBe(0);
  expect(sum(await watched.columns('crowd-0', LIVE_STATE_COLOUR.in))).toBeGreaterThan(1_000);
});

test('a figure can be opened by keyboard alone', async () => {
  const { watched } = await watch(handNight('collapsing', 60));
  await watched.shows(60);
  await watched.page.keyboard.press('Tab');
  expect(await watched.page.evaluate(() => document.activeElement?.closest('figure')?.id)).toBe('crowd-0');
  await watched.page.keyboard.press('Enter');
  await watched.page.waitForSelector('#crowd-0 table');
  await watched.page.keyboard.press('Tab');
  expect(await watched.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('region');
});

test.each([
  ['light', 1_200],
  ['dark', 1_200],
  ['light', 390],
] as const)('the page looks as it did: %s, %i wide', async (scheme, width) => {
  const { watched } = await watch(
    [...handNight('collapsing', 115), ...handNight('holding', 60, { nth: 1 })],
    { scheme, width },
  );
  await watched.shows(60);
  await expectLikeSnapshot(watched.page, new URL(`live-${scheme}-${width}.png`, SNAPSHOTS));
});

test('a picture without its crowd is not like one that has it', async () => {
  const { watched } = await watch(handNight('collapsing', 115));
  await watched.shows(115);
  const whole = await pictureOf(watched.page);
  expect(await unlikeShare(watched.page, whole, await pictureOf(watched.page))).toBe(0);
  await watched.page.$eval('#crowd-0 canvas', (canvas) => {
    (canvas as HTMLElement).style.visibility = 'hidden';
  });
  expect(await unlikeShare(watched.page, whole, await pictureOf(watched.page))).toBeGreaterThan(0.02);
});
