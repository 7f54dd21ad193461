/** What is let through to a target and what is refused, before anything starts; nothing is dialled here. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { steady } from '../scenarios/library/steady.ts';
import { nightTimes, scenarioSchema } from '../scenarios/schema.ts';
import { prepareNight } from './prepare.ts';
import { parseBounds, parseTarget, type TargetBounds } from './target.ts';

/** Thirty people in seven seconds. */
const night = scenarioSchema.parse({
  ...steady,
  rooms: { main: { room: 'main', title: 'A room', seats: 100 }, overflow: { seats: 40, roomsMax: 0 } },
  phases: { rampMs: 1_000, baselineMs: 1_000, surgeMs: 2_000, tailMs: 2_000, leavingMs: 1_000 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 20, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 10, overMs: 300, model: { kind: 'even' } }],
  bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
});
const NIGHT_S = nightTimes(night).nightEndMs / 1000;

const prepare = (target: string | null, allowRemote: TargetBounds | null, over: object = {}) =>
  prepareNight({
    ...{ scenario: night, seed: 3, scale: 1, timeScale: 1, profile: 'guarded', features: [], bodies: null },
    ...{ target, allowRemote, port: 0, faults: [] },
    ...over,
  });

const REMOTE = 'ws://192.0.2.1:4443/signal';

describe('a target', () => {
  test.each([
    'ws://127.0.0.1:9/signal',
    'ws://127.8.0.1:9/',
    'ws://localhost:9/',
    'ws://[::1]:9/',
    'ws://127.1:9/',
  ])('on this machine needs no bounds: %s', (target) => {
    expect(prepare(parseTarget(target), null).target).toBe(parseTarget(target));
  });

  test.each([
    REMOTE,
    'ws://example.org/signal',
    'ws://localhost.example.org/',
    'ws://notlocalhost/',
    'ws://127.0.0.1.example.org/',
    'ws://[2001:db8::1]/',
    'ws://0.0.0.0/',
  ])('elsewhere is refused without them, with the size of the night: %s', (target) => {
    expect(() => prepare(parseTarget(target), null)).toThrow(
      `is not this machine, and this night has 30 listeners and takes ${NIGHT_S} s`,
    );
  });

  test('elsewhere is taken up to its bounds, and not one listener or second beyond', () => {
    expect(prepare(REMOTE, { listeners: 30, seconds: NIGHT_S }).target).toBe(REMOTE);
    expect(() => prepare(REMOTE, { listeners: 29, seconds: NIGHT_S })).toThrow(
      `expected at most 29 listeners and ${NIGHT_S} s at 192.0.2.1, and this night has 30 listeners and takes ${NIGHT_S} s`,
    );
    expect(() => prepare(REMOTE, { listeners: 30, seconds: NIGHT_S - 1 })).toThrow(
      expect.objectContaining({
        code: 'beyond-bounds',
        hint: expect.stringMatching(/--scale.*--time-scale/),
      }),
    );
  });

  test('scale, time-scale and browsers count', () => {
    expect(() => prepare(REMOTE, { listeners: 30, seconds: 3_600 }, { scale: 2 })).toThrow(
      'has 60 listeners',
    );
    expect(() => prepare(REMOTE, { listeners: 30, seconds: 3_600 }, { browsers: 1 })).toThrow(
      'has 31 listeners',
    );
    expect(prepare(REMOTE, { listeners: 15, seconds: 3_600 }, { scale: 0.5 }).plan.size).toBe(15);
    const half = { listeners: 30, seconds: Math.ceil(NIGHT_S / 2) };
    expect(() => prepare(REMOTE, half)).toThrow(`takes ${NIGHT_S} s`);
    expect(prepare(REMOTE, half, { timeScale: 0.5 }).target).toBe(REMOTE);
  });

  test('bounds hold on this machine too, when they are stated; without a target they are a mistake', () => {
    expect(() => prepare('ws://[::1]:9/', { listeners: 29, seconds: 60 })).toThrow('at most 29 listeners');
    expect(() => prepare(null, { listeners: 30, seconds: 60 })).toThrow('together with --target');
  });

  test('elsewhere cannot send rtp to a sink on loopback', () => {
    const bodies = { signal: 0, webrtc: 0, rtp: 1, k6: 0 };
    expect(() => prepare(REMOTE, { listeners: 30, seconds: 60 }, { bodies })).toThrow(
      '30 listeners of this night have the body rtp',
    );
  });

  test.each([
    ['nonsense', 'expected an address'],
    ['wss://127.0.0.1/signal', 'expected ws://, got wss://'],
    ['http://127.0.0.1/', 'expected ws://, got http://'],
  ])('that is no address of a WebSocket is refused: %s', (target, message) => {
    expect(() => parseTarget(target)).toThrow(message);
  });
});

describe('bounds', () => {
  test('are read back as they were written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 3_600 }),
        (listeners, seconds) => {
          expect(parseBounds(`listeners=${listeners},seconds=${seconds}`)).toEqual({ listeners, seconds });
          expect(parseBounds(`seconds=${seconds},listeners=${listeners}`)).toEqual({ listeners, seconds });
        },
      ),
    );
  });

  test.each([
    ['', 'listeners:'],
    ['listeners=5', 'seconds:'],
    ['listeners=0,seconds=5', 'listeners:'],
    ['listeners=20001,seconds=5', 'listeners:'],
    ['listeners=5,seconds=3601', 'seconds:'],
    ['listeners=5,seconds=NaN', 'seconds:'],
    ['listeners=1.5,seconds=5', 'listeners:'],
    ['listeners=5,seconds=', "got 'listeners=5,seconds='"],
    ['listeners=5,seconds=5,hosts=2', 'hosts'],
    ['listeners=5,seconds=5,seconds=9', 'got'],
    ['listeners=5=6,seconds=5', 'got'],
  ])('%j are refused', (text, message) => {
    expect(() => parseBounds(text)).toThrow(message);
    expect(() => parseBounds(text)).toThrow(expect.objectContaining({ code: 'bad-bounds' }));
  });
});
