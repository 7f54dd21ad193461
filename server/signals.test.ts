/** What the policy hears of the server's condition, from a clock and a worker's word that are handed in. */
import { expect, test } from 'vitest';
import { Signals } from './signals.ts';

/** A clock that is set by hand, and a worker that answers when it is told to. */
function stage() {
  let nowMs = 0;
  const asked: { answer: (cpuMs: readonly number[] | null) => void; fail: () => void }[] = [];
  const signals = new Signals(
    () =>
      new Promise((resolve, reject) => {
        asked.push({ answer: resolve, fail: () => reject(new Error('the worker died')) });
      }),
    () => nowMs,
  );
  const second = () => {
    nowMs += 1_000;
    return signals.take();
  };
  const answers = async (cpuMs: readonly number[] | null) => {
    asked.shift()!.answer(cpuMs);
    await Promise.resolve();
  };
  return { signals, second, answers, asked };
}

test('the event loop: mean lateness of its turns; audio: the median of those to whom it came', () => {
  const { signals, second } = stage();
  for (const lateMs of [0, 4, -1, 8]) signals.turned(lateMs);
  for (const afterMs of [90, 10, 30, 20]) signals.audioFlows(afterMs);
  expect(second()).toMatchObject({ eventLoopLagMs: 3, admissionToAudioMs: 20 });
  expect(second()).toMatchObject({ eventLoopLagMs: 0, admissionToAudioMs: null });
});

test('workers: the busiest one counts, by what it used between two answers', async () => {
  const { second, answers } = stage();
  expect(second().workerCpuShare).toBe(null);
  await answers([100, 500]);
  second();
  await answers([400, 600]);
  expect(second().workerCpuShare).toBe(0.3);
});

test('a worker that does not answer in a second is full; one that died says nothing', async () => {
  const { second, answers, asked } = stage();
  second();
  await answers([100]);
  second();
  expect(second().workerCpuShare).toBe(1);
  expect(asked).toHaveLength(1);
  asked.shift()!.fail();
  await new Promise(setImmediate);
  expect(second().workerCpuShare).toBe(null);
});

test('a server without media says nothing of workers', async () => {
  const { second, answers } = stage();
  second();
  await answers(null);
  second();
  expect(second().workerCpuShare).toBe(null);
});
