/** The room page in a real Chromium against a real server with real media. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readSetup } from '../../setup/paths.ts';
import type { ServerConfig } from '../config.ts';
import { startMedia } from '../media/index.ts';
import { type TestServer, type TestServerOptions, testConfig, testServer } from '../testing/test-kit.ts';
import { launchChromium } from './testing/chromium.ts';
import { RoomPage } from './testing/room-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const { workerBin } = readSetup();

function withMedia(options: TestServerOptions = {}): Promise<TestServer> {
  const media = { enabled: true, workerBin, frameMs: 20, ...options.media } as const;
  return testServer('guarded', { ...options, media, parts: { startMedia } });
}

/** A server in a process of its own, which can be killed. */
async function startProcess(config: ServerConfig): Promise<{ child: ChildProcess; port: number }> {
  const path = join(config.runDir, 'server.json');
  await writeFile(path, JSON.stringify(config));
  const child = fork(fileURLToPath(new URL('../main.ts', import.meta.url)), [path], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [{ port }] = await once(child, 'message');
  return { child, port };
}

/** Somebody who sits there without a page. */
const PROFILE = {
  handle: 'grace.h',
  bio: 'Hört gern zu.',
  avatar: `data:image/svg+xml;base64,${btoa('<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>')}`,
  locale: 'de',
};

test('a person joins, hears the host, mutes, raises a hand and leaves', async () => {
  const server = await withMedia();
  const ada = await RoomPage.open(browser, server.running.port);
  expect(await ada.text('#rooms li')).toContain('The room');
  await ada.isAccessible();
  await ada.join('Ada');
  await ada.scene('room');
  expect(await ada.page.evaluate(() => document.activeElement?.id)).toBe('room-heading');
  await ada.hears();
  await ada.page.waitForFunction(() => (document.querySelector('#level') as HTMLMeterElement).value > 0);
  await ada.says('#polite', 'You are in the main room. 1 person listens.');
  await ada.isAccessible();
  await ada.press('#mute');
  expect(await ada.page.$eval('#mute', (button) => button.ariaPressed)).toBe('true');
  await ada.press('#hand');
  await ada.says('#hand', 'Lower hand');
  await ada.says('#hands', '1 person with a hand up');
  await ada.press('#room [data-command=leave]');
  await ada.scene('hallway');
  await ada.page.waitForFunction(() => document.querySelector('#link')?.textContent === 'connected');
  expect(server.story('left')).toHaveLength(1);
  expect(ada.complaints).toEqual([]);
});

test('one waits in the queue, and gets in when a seat is free', async () => {
  const server = await withMedia({ seats: 1 });
  const first = await server.seat(1);
  const second = await server.ask(2);
  const ada = await RoomPage.open(browser, server.running.port);
  await ada.join('Ada');
  await ada.scene('waiting');
  expect(await ada.text('#position')).toBe('2');
  await ada.says('#polite', 'You are number 2 in the queue.');
  await ada.isAccessible();
  await ada.press('#waiting [data-command=leave]');
  await ada.scene('hallway');
  await ada.join('Ada');
  await ada.scene('waiting');
  first.send('q', {});
  await ada.says('#position', '1');
  await ada.says('#polite', 'You are next.');
  second.send('q', {});
  await ada.scene('room');
  await ada.hears();
  expect(ada.complaints).toEqual([]);
});

test('an overflow room carries the voice; the way back is told, and nothing is heard of it', async () => {
  const server = await withMedia({ seats: 1, overflow: { seats: 10, roomsMax: 1 } });
  const first = await server.seat(1);
  const ada = await RoomPage.open(browser, server.running.port);
  await ada.join('Ada');
  await ada.scene('room');
  await ada.hears();
  expect(await ada.text('#room-heading')).toBe('An overflow room');
  first.send('q', {});
  await ada.says('#polite', 'You were moved to the main room.');
  expect(await ada.text('#room-heading')).toBe('The main room');
  await ada.says('#audience', 'Ada (you)');
  expect(await ada.page.$eval('#sound', (sound) => (sound as HTMLElement).dataset['sound'])).toBe('audible');
  expect(ada.complaints).toEqual([]);
});

test('a promotion that moves the transport: the new one is heard before the old one ends', async () => {
  const server = await withMedia({
    seats: 1,
    overflow: { seats: 10, roomsMax: 1 },
    media: { promotion: 'transport' },
  });
  const first = await server.seat(1);
  const ada = await RoomPage.open(browser, server.running.port);
  await ada.join('Ada');
  await ada.scene('room');
  await ada.hears();
  first.send('q', {});
  await ada.says('#polite', 'You were moved to the main room.');
  await ada.page.waitForFunction(() => window.transports.length === 3);
  expect(await ada.page.evaluate(() => window.transports)).toEqual([
    'first connected',
    'second connected',
    'first closed',
  ]);
  await ada.hears();
  expect(server.story('transport-moved')).toHaveLength(1);
  expect(server.story('ejected')).toEqual([]);
  expect(ada.complaints).toEqual([]);
});

test('thrown out, one is told why and comes back to the same seat with the ticket', async () => {
  const server = await withMedia();
  const ada = await RoomPage.open(browser, server.running.port);
  await ada.join('Ada');
  await ada.hears();
  server.running.emptyRooms('restart-room');
  await ada.scene('out');
  expect(await ada.text('#out-cause')).toContain('The host has closed the room or started it anew.');
  await ada.says('#assertive', 'Your seat is kept for');
  await ada.press('#out [data-command=tryNow]');
  await ada.scene('room');
  await ada.hears();
  await ada.says('#polite', 'You have your seat again, in the main room.');
  expect(server.story('took')).toHaveLength(2);
  expect(new Set(server.story('took')).size).toBe(1);
  expect(ada.complaints).toEqual([]);
});

test('the server is killed and started again: the page keeps trying and has its seat back', async () => {
  const config = await testConfig('guarded', { media: { enabled: true, workerBin, frameMs: 20 } });
  const { child, port } = await startProcess(config);
  const ada = await RoomPage.open(browser, port);
  await ada.join('Ada');
  await ada.hears();
  child.kill('SIGKILL');
  await ada.scene('out');
  expect(await ada.text('#out-cause')).toBe('The connection to the server was lost.');
  await ada.says('#out-next', 'Coming back by itself in');
  await ada.isAccessible();
  await startProcess({ ...config, port });
  await ada.scene('room');
  await ada.hears();
  await ada.says('#polite', 'You have your seat again, in the main room.');
  expect(ada.complaints).toEqual([]);
});

test('a second tab of the same person takes the seat; the first says so and leaves it at that', async () => {
  const server = await withMedia();
  const ada = await RoomPage.open(browser, server.running.port);
  await ada.join('Ada');
  await ada.hears();
  const popup = new Promise<import('puppeteer').Page>((resolve) =>
    ada.page.once('popup', (page) => resolve(page!)),
  );
  await ada.page.evaluate(() => void window.open('/'));
  const second = await RoomPage.openIn(await popup, server.running.port);
  await second.join('Ada');
  await second.hears();
  await ada.scene('displaced');
  await ada.isAccessible();
  expect(server.story('ejected')).toHaveLength(1);
  await ada.page.bringToFront();
  await ada.press('#here');
  await second.scene('displaced');
  await ada.hears();
});

test('a full room says so and is asked again', async () => {
  const server = await withMedia({ seats: 1, limits: { queueMax: 1 } });
  const first = await server.seat(1);
  const second = await server.ask(2);
  await second.next('W');
  const ada = await RoomPage.open(browser, server.running.port);
  await ada.join('Ada');
  await ada.scene('full');
  await ada.says('#full', 'Trying again in');
  await ada.isAccessible();
  second.send('q', {});
  first.send('q', {});
  await ada.scene('room');
});

test('the audience comes by pages, follows presence, and shows who they are', async () => {
  const server = await testServer('guarded', { seats: 200 });
  for (let id = 1; id <= 119; id++) await server.seat(id);
  const grace = await server.seat(1_000, { name: 'Grace', profile: PROFILE });
  const ada = await RoomPage.open(browser, server.running.port);
  await ada.join('Ada');
  await ada.scene('room');
  const shown = (): Promise<number> => ada.page.$$eval('#audience li', (items) => items.length);
  expect(await shown()).toBe(50);
  await ada.says('#audience-note', '50 of 121 people shown');
  await ada.press('#more');
  await ada.page.waitForFunction(() => document.querySelectorAll('#audience li').length === 100);
  await ada.press('#more');
  await ada.page.waitForFunction(() => document.querySelectorAll('#audience li').length === 121);
  expect(await ada.page.$eval('#more', (button) => (button as HTMLElement).hidden)).toBe(true);
  await ada.isAccessible();
  await ada.press('[data-person="1000"]');
  await ada.says('#profile-handle', '@grace.h');
  expect(await ada.page.$eval('#profile-bio', (bio) => (bio as HTMLElement).lang)).toBe('de');
  await ada.isAccessible();
  await ada.page.keyboard.press('Escape');
  await ada.page.waitForSelector('#profile:not([open])');
  grace.send('q', {});
  await ada.says('#room-kind', '120 people');
  await ada.page.waitForFunction(() => document.querySelector('[data-person="1000"]') === null);
  expect(await ada.text('#sound')).toBe('This room has no audio.');
  expect(ada.complaints).toEqual([]);
});

test('where the browser plays nothing unasked, a button turns the sound on', async () => {
  const server = await withMedia();
  const page = await (await browser.createBrowserContext()).newPage();
  await page.evaluateOnNewDocument(() => {
    // Headless Chromium plays whatever its policy; this is what another browser says the first time.
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = () => {
      HTMLMediaElement.prototype.play = play;
      return Promise.reject(new DOMException('not without a gesture', 'NotAllowedError'));
    };
  });
  const ada = await RoomPage.openIn(page, server.running.port);
  await ada.join('Ada');
  await page.waitForSelector('#blocked:not([hidden])');
  await ada.isAccessible();
  await ada.press('#play');
  await page.waitForSelector('#blocked[hidden]');
  await ada.hears();
  await page.browserContext().close();
});

test('another driver decides in the person’s place, and the page shows what it goes through', async () => {
  const server = await withMedia();
  const page = await (await browser.createBrowserContext()).newPage();
  await page.evaluateOnNewDocument(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const ask = { v: 1, personId: 77, name: 'Kay', attempt: 1, room: 'main', media: 'webrtc' };
    window.roomrushDriver = (hands) => {
      Object.assign(window, { hands });
      hands.dial();
      return {
        opened: () => hands.send(`a${JSON.stringify(ask)}`),
        refused: () => void told.push('refused'),
        closed: () => void told.push('closed'),
        frame(text) {
          told.push(text.slice(0, 1));
          if (text.startsWith('S')) hands.connectMedia(JSON.parse(text.slice(1).split('\n')[0]!).media);
        },
        mediaAnswer(answer) {
          told.push('mediaAnswer');
          hands.send(`c${JSON.stringify(answer)}`);
        },
        ice: () => void told.push('ice'),
        dtls: () => void told.push('dtls'),
        firstPacket: () => void told.push('firstPacket'),
        audible: () => void told.push('audible'),
        mediaLost: () => void told.push('mediaLost'),
      };
    };
  });
  await page.goto(`http://127.0.0.1:${server.running.port}/`);
  await page.waitForSelector('#sound[data-sound=audible]');
  const steps = (): Promise<string[]> =>
    page.evaluate(() => (window as unknown as { told: string[] }).told.filter((one) => one !== 'P'));
  expect(await steps()).toEqual(expect.arrayContaining(['C']));
  expect((await steps()).filter((one) => one !== 'C')).toEqual([
    'S',
    'mediaAnswer',
    'ice',
    'dtls',
    'firstPacket',
    'audible',
  ]);
  expect(await page.$eval('#hand', (button) => (button as HTMLButtonElement).disabled)).toBe(true);
  expect(await page.$eval('#driven', (note) => (note as HTMLElement).hidden)).toBe(false);
  const packets = await page.evaluate(async () => {
    const { hands } = window as unknown as { hands: import('../protocol/page.ts').PageHands };
    const received = (await hands.audioStats())?.packetsReceived;
    hands.silence();
    return received;
  });
  expect(packets).toBeGreaterThan(0);
  const before = await steps();
  const witness = page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const socket = new WebSocket('/signal');
        socket.addEventListener('open', () => Object.assign(window, { witness: true }));
        socket.addEventListener('close', () => resolve());
      }),
  );
  await page.waitForFunction(() => 'witness' in window);
  await server.running.close();
  await witness;
  expect(await steps()).toEqual(before);
  await page.browserContext().close();
});

test('the page is served with its types, and loads nothing from elsewhere', async () => {
  const { running } = await testServer('guarded');
  const types = await Promise.all(
    ['/', '/page.js', '/page.css'].map(async (path) => {
      const { headers } = await fetch(`http://127.0.0.1:${running.port}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      return headers.get('content-type');
    }),
  );
  expect(types).toEqual([
    'text/html; charset=utf-8',
    'text/javascript; charset=utf-8',
    'text/css; charset=utf-8',
  ]);
});
