/** What those who sit ask of their room: raised hands, and who somebody is. */
import { describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../protocol/wire.ts';
import { testServer } from '../testing/test-kit.ts';

const PROFILE = {
  handle: 'ada.1',
  bio: 'مرحبا, 你好 “👩‍🚀”\nand a second line',
  avatar: `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')}`,
  locale: 'zh-CN',
};

describe('hands', () => {
  test('raised, raised again, lowered, counted by room', async () => {
    const server = await testServer('clubhouse-2021');
    const ada = await server.seat(1);
    const bob = await server.seat(2);
    const answers = [];
    for (const [who, raised] of [
      [ada, true],
      [ada, true],
      [bob, true],
      [ada, false],
      [ada, false],
    ] as const) {
      who.send('g', { raised });
      answers.push((await who.next('G')).head);
    }
    expect(answers).toEqual([
      { raised: true, hands: 1 },
      { raised: true, hands: 1 },
      { raised: true, hands: 2 },
      { raised: false, hands: 1 },
      { raised: false, hands: 1 },
    ]);
    expect(server.story('hand')).toEqual(['hand 1 main 1', 'hand 2 main 1', 'hand 1 main 0']);
    expect(ada.heard.filter((text) => text.startsWith('G'))).toHaveLength(4);
  });

  test('down again when the seat ends, by a bye or by a loss', async () => {
    const server = await testServer('guarded');
    const [ada, bob, cleo] = [await server.seat(1), await server.seat(2), await server.seat(3)];
    for (const one of [ada, bob]) {
      one.send('g', { raised: true });
      await one.next('G');
    }
    ada.send('q', {});
    await ada.closed;
    for (let strike = 0; strike < 3; strike += 1) bob.socket.send('?');
    await bob.closed;
    cleo.send('g', { raised: true });
    expect((await cleo.next('G')).head).toEqual({ raised: true, hands: 1 });
    // Who comes back to a held seat has the hand down.
    const back = await server.seat(2, { ticket: JSON.parse(bob.heard.at(-1)!.slice(1)).ticket, attempt: 2 });
    back.send('g', { raised: false });
    expect((await back.next('G')).head).toEqual({ raised: false, hands: 1 });
    expect(server.story('hand')).toEqual(['hand 1 main 1', 'hand 2 main 1', 'hand 3 main 1']);
  });

  test('it moves with its owner to the main room', async () => {
    const server = await testServer('guarded', { seats: 1, overflow: { seats: 5, roomsMax: 1 } });
    const ada = await server.seat(1);
    const bob = await server.seat(2);
    const cleo = await server.seat(3);
    bob.send('g', { raised: true });
    await bob.next('G');
    ada.send('q', {});
    expect((await bob.next('M')).head.room).toBe('main');
    cleo.send('g', { raised: true });
    expect((await cleo.next('G')).head).toEqual({ raised: true, hands: 1 });
    bob.send('g', { raised: false });
    expect((await bob.next('G')).head).toEqual({ raised: false, hands: 0 });
    expect(server.story('hand')).toEqual([
      'hand 2 main-overflow-1 1',
      'hand 3 main-overflow-1 1',
      'hand 2 main 0',
    ]);
  });

  test('the count starts anew with the room', async () => {
    const server = await testServer('clubhouse-2021');
    const ada = await server.seat(1);
    ada.send('g', { raised: true });
    await ada.next('G');
    server.running.emptyRooms('restart-room');
    await ada.closed;
    const back = await server.seat(1, { attempt: 2 });
    back.send('g', { raised: true });
    expect((await back.next('G')).head).toEqual({ raised: true, hands: 1 });
  });
});

describe('profiles', () => {
  test('known, without one, and nobody', async () => {
    const server = await testServer('guarded');
    const ada = await server.seat(1, { name: 'Ada', profile: PROFILE });
    const bob = await server.seat(2, { name: 'Bob' });
    for (const [id, name, profile] of [
      [1, 'Ada', PROFILE],
      [2, 'Bob', null],
      [3, null, null],
    ]) {
      bob.send('d', { id: id as number });
      expect(await bob.next('D')).toEqual({ letter: 'D', head: { id, name, profile }, bulk: null });
    }
    ada.send('q', {});
    await ada.closed;
    bob.send('d', { id: 1 });
    expect((await bob.next('D')).head).toEqual({ id: 1, name: null, profile: null });
  });

  test('who sits in another room, or waits, is nobody here', async () => {
    const server = await testServer('guarded', { seats: 1, parallel: { seats: 1, roomsMax: 1 } });
    const ada = await server.seat(1, { profile: PROFILE });
    const bob = await server.dial();
    const opening = { v: PROTOCOL_VERSION, personId: 2, name: 'Bob', attempt: 1, title: 'Mine' };
    bob.send('o', { ...opening, profile: PROFILE });
    await bob.next('S');
    const cleo = await server.ask(3, { profile: PROFILE });
    await cleo.next('W');
    for (const id of [2, 3]) {
      ada.send('d', { id });
      expect((await ada.next('D')).head).toEqual({ id, name: null, profile: null });
    }
    bob.send('d', { id: 1 });
    expect((await bob.next('D')).head).toEqual({ id: 1, name: null, profile: null });
    bob.send('d', { id: 2 });
    expect((await bob.next('D')).head).toEqual({ id: 2, name: 'Bob', profile: PROFILE });
  });

  test('lists of users stay as light as they were', async () => {
    const server = await testServer('clubhouse-2021');
    const ada = await server.seat(1, { name: 'Ada', profile: PROFILE });
    const bob = await server.ask(2, { name: 'Bob', profile: PROFILE });
    expect((await bob.next('S')).bulk).toEqual([
      { id: 1, name: 'Ada' },
      { id: 2, name: 'Bob' },
    ]);
    expect((await ada.next('P')).head.user).toEqual({ id: 2, name: 'Bob' });
  });

  test.each([
    [{ ...PROFILE, handle: 'Ada' }],
    [{ ...PROFILE, handle: 'a'.repeat(33) }],
    [{ ...PROFILE, bio: 'b'.repeat(161) }],
    [{ ...PROFILE, avatar: 'data:image/png;base64,AAAA' }],
    [{ ...PROFILE, avatar: `data:image/svg+xml;base64,${'A'.repeat(1_000)}` }],
    [{ ...PROFILE, avatar: 'data:image/svg+xml;base64,"><script>' }],
    [{ ...PROFILE, locale: 'zh_CN' }],
    [{ ...PROFILE, mood: 'fine' }],
    [{ handle: 'ada' }],
    [null],
  ])('malformed: %j', async (profile) => {
    const server = await testServer('guarded');
    const ada = await server.ask(1, { profile });
    expect((await ada.next()).head.code).toBe('bad-message');
    ada.ask(1);
    expect((await ada.next()).letter).toBe('S');
  });
});

test.each([
  ['g', { raised: true }],
  ['d', { id: 1 }],
] as const)('%s from the hallway or the queue is out of place, and no strike', async (letter, head) => {
  const server = await testServer('guarded', { seats: 1 });
  await server.seat(1);
  const bob = await server.dial();
  bob.send(letter, head);
  expect((await bob.next('X')).head.code).toBe('wrong-state');
  bob.ask(2);
  await bob.next('W');
  bob.send(letter, head);
  expect((await bob.next('X')).head.code).toBe('wrong-state');
  expect(server.story('strike', 'hand')).toEqual([]);
});
