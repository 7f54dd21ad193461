/** The size that is proposed for a night, from costs that are handed in. */
import { expect, test } from 'vitest';
import { findScenario } from '../scenarios/index.ts';
import { type Costs, proposeScale } from './preflight.ts';

const costs: Costs = {
  serverDeliveryUs: 10,
  serverJoinMs: 1,
  swarmJoinMs: 1,
  swarmShareOfServer: 0.4,
  swarmMediaShare: 0.0001,
  workerMediaShare: 0.0005,
};

test('a night of presence keeps its size where a naive build has work enough', async () => {
  const night = await findScenario('zuckerberg');
  expect(proposeScale(night, { ...costs, serverDeliveryUs: 30 })).toMatchObject({
    scale: 1,
    reason: "the night's own size",
  });
});

test('a night of media is made so large that all who come would take two cores of the worker', async () => {
  const night = await findScenario('media-bound');
  const people = night.incumbents.count + night.waves[0]!.count;
  const { scale, reason, generatorShare } = proposeScale(night, costs);
  expect(scale).toBe(Math.ceil((2 / (people * 0.0005)) * 20) / 20);
  expect(reason).toContain('the media worker 2.0 cores');
  // The worker sends one core's worth at most, whoever wants it.
  expect(generatorShare).toBeCloseTo(0.2, 12);
  expect(proposeScale(night, { ...costs, workerMediaShare: 0.00001 }).scale).toBe(4);
});
