/** Before the ask: the list of rooms, waiting in the hallway, and what one does when the main room is full. */
import { describe, expect, test } from 'vitest';
import type { Effect } from './effects.ts';
import type { ListenerTraits } from './listener.ts';
import { person } from './testing/person.ts';

describe('the hallway', () => {
  const listOf = (effects: Effect[]) => effects.filter((one) => one.type === 'send' && one.letter === 'h');

  test('the list comes before the ask, and its silence is silence', () => {
    const { at, says, rows, listener } = person();
    at(1_010, { type: 'arrive' });
    expect(listOf(at(1_020, { type: 'opened' }))).toEqual([
      { type: 'send', letter: 'h', head: { personId: 42 } },
    ]);
    expect(listener.phase).toBe('browsing');
    at(9_010, { type: 'timer', kind: 'join' });
    expect(rows()).toEqual(['arrive', 'dial', 'opened', 'failed:join-timeout']);
    at(9_210, { type: 'timer', kind: 'retap' });
    at(9_220, { type: 'opened' });
    expect(says(9_230, 'hallway', { rooms: [] })).toEqual([
      expect.objectContaining({ row: 'browsed', value: 0 }),
      expect.objectContaining({ letter: 'a' }),
      expect.objectContaining({ row: 'asked' }),
    ]);
  });

  test('who waits there looks again and again, and asks at once when the moment has come', () => {
    const { at, says, opens, rows, timerOf } = person();
    expect(timerOf(at(100, { type: 'browse' }), 'start-patience')).toBe(undefined);
    const first = opens(110);
    expect(timerOf(first, 'poll')).toMatchObject({ inMs: 2_000 });
    expect(first).toContainEqual({ type: 'clear-timer', kind: 'join' });
    expect(listOf(at(2_110, { type: 'timer', kind: 'poll' }))).toHaveLength(1);
    expect(timerOf(says(2_120, 'hallway', { rooms: [] }), 'poll')).toMatchObject({ inMs: 2_000 });
    const effects = at(3_000, { type: 'arrive' });
    expect(effects).toContainEqual(expect.objectContaining({ letter: 'a' }));
    expect(effects).toContainEqual({ type: 'clear-timer', kind: 'poll' });
    expect(timerOf(effects, 'start-patience')).toMatchObject({ inMs: 30_000 });
    expect(rows()).toEqual(['dial', 'opened', 'browsed', 'arrive', 'asked']);
    expect(at(4_000, { type: 'timer', kind: 'poll' })).toEqual([]);
  });

  test('whoever is thrown out of it stays at home until the moment', () => {
    const { at, opens, rows, listener } = person();
    at(100, { type: 'browse' });
    opens(110);
    expect(at(500, { type: 'closed' })).not.toContainEqual(
      expect.objectContaining({ kind: 'retap', inMs: 200 }),
    );
    expect(listener.phase).toBe('idle');
    expect(at(1_000, { type: 'arrive' })).toContainEqual({ type: 'dial' });
    opens(1_020);
    expect(rows()).toEqual([
      ...['dial', 'opened', 'browsed', 'failed:connection-lost'],
      ...['arrive', 'dial', 'opened', 'browsed', 'asked'],
    ]);
  });

  test('the moment may come while the connection is still being made', () => {
    const { at, opens, rows, timerOf } = person();
    at(900, { type: 'browse' });
    expect(timerOf(at(1_000, { type: 'arrive' }), 'join')).toMatchObject({ inMs: 8_000 });
    opens(1_010);
    expect(rows()).toEqual(['dial', 'arrive', 'opened', 'browsed', 'asked']);
  });
});

describe('parallel rooms', () => {
  const full = { room: 'main', retryAfterMs: null };
  /** Told "full" at 2 s, and back in the hallway at 2.2 s. */
  function turnedAway(over: Partial<ListenerTraits>, ...parallel: [listeners: number, seats: number][]) {
    const one = person(over);
    one.arrive();
    one.says(2_000, 'full', full);
    one.at(2_200, { type: 'timer', kind: 'retap' });
    return { ...one, chosen: one.opens(2_210, ...parallel) };
  }
  const asideHead = (room: string) => {
    return {
      ...{ room, seat: 3, resumed: false, ticket: null, heldForMs: null },
      ...{ listeners: 3, rosterPages: 0, media: null },
    };
  };

  test('whoever was not told "full" asks for the main room', () => {
    const { opens, at } = person({ joinsParallel: true, opensParallel: true });
    at(1_010, { type: 'arrive' });
    expect(opens(1_020, [1, 9])).toContainEqual(
      expect.objectContaining({ letter: 'a', head: expect.objectContaining({ room: 'main' }) }),
    );
  });

  test('the fullest with a free seat is gone to, and is the end of the main room', () => {
    const { says, at, chosen, rows, listener, timerOf } = turnedAway(
      { joinsParallel: true },
      [1, 9],
      [5, 9],
      [9, 9],
    );
    expect(chosen).toContainEqual({
      type: 'send',
      letter: 'a',
      head: { v: 1, personId: 42, name: 'Ada', attempt: 2, room: 'parallel-2', media: 'none' },
    });
    const effects = says(2_300, 'seated', asideHead('parallel-2'));
    expect(effects).toContainEqual(
      expect.objectContaining({ row: 'gave-up', cause: 'parallel', room: 'main' }),
    );
    expect(effects).toContainEqual(
      expect.objectContaining({ row: 'parallel', room: 'parallel-2', value: 0 }),
    );
    expect(timerOf(effects, 'stay')).toMatchObject({ inMs: 600_000 });
    expect(timerOf(effects, 'end')).toMatchObject({ inMs: 100_700 });
    expect(listener.phase).toBe('aside');
    expect(at(11_000, { type: 'timer', kind: 'heartbeat' })).toContainEqual(
      expect.objectContaining({ letter: 'b' }),
    );
    at(60_000, { type: 'timer', kind: 'stay' });
    expect(rows().slice(-3)).toEqual(['gave-up:parallel', 'parallel', 'left:goodbye']);
    expect(listener.phase).toBe('gone');
  });

  test('a room of one’s own is opened while there may be more', () => {
    const { says, chosen, rows, all } = turnedAway({ opensParallel: true, joinsParallel: true }, [9, 9]);
    expect(chosen).toContainEqual({
      type: 'send',
      letter: 'o',
      head: { v: 1, personId: 42, name: 'Ada', attempt: 2, title: 'The room of Ada' },
    });
    says(2_300, 'seated', asideHead('parallel-2'));
    expect(all).toContainEqual(expect.objectContaining({ row: 'parallel', room: 'parallel-2', value: 1 }));
    says(2_400, 'ejected', { cause: 'room-closed', ticket: null, heldForMs: null });
    expect(rows().slice(-3)).toEqual(['gave-up:parallel', 'parallel', 'parallel-lost:room-closed']);
    expect(all.at(-1)).toEqual({ type: 'gone' });
  });

  test('where there are enough of them, and for whoever wants none, it is the main room again', () => {
    for (const { chosen } of [turnedAway({ opensParallel: true }, [9, 9], [9, 9]), turnedAway({}, [1, 9])])
      expect(chosen).toContainEqual(
        expect.objectContaining({ letter: 'a', head: expect.objectContaining({ room: 'main' }) }),
      );
  });

  test('a parallel room that is full is a try like any other', () => {
    const { says, rows, listener } = turnedAway({ joinsParallel: true }, [5, 9]);
    says(2_300, 'full', { room: 'parallel-1', retryAfterMs: null });
    expect(rows().slice(-3)).toEqual(['asked:parallel', 'full', 'failed:full']);
    expect(listener.phase).toBe('pausing');
  });

  test('the end of the night is the end of the stay', () => {
    const { says, at, rows } = turnedAway({ joinsParallel: true }, [5, 9]);
    says(2_300, 'seated', asideHead('parallel-1'));
    at(106_000, { type: 'night-end' });
    expect(rows().slice(-3)).toEqual(['gave-up:parallel', 'parallel', 'left:goodbye']);
  });
});
