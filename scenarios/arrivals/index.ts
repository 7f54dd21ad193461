/**
 * How a crowd's arrivals are spread over time, from the moment that sets them off: one quantile function for
 * each arrival model of the scenario schema, truncated at the wave's length and normalised, so that inverse
 * sampling turns evenly distributed draws into instants.
 */
import type { ArrivalModel } from '../schema.ts';
import { bassCdf, bassQuantile } from './bass.ts';
import { seismicCdf, seismicQuantile } from './seismic.ts';
import { traceCdf, traceQuantile } from './trace.ts';

/**
 * The quantile function of a model, truncated at `overMs` and normalised.
 *
 * @returns from a share in [0, 1] to ms after the moment, in [0, overMs].
 */
export function arrivalQuantile(model: ArrivalModel, overMs: number): (share: number) => number {
  const overSeconds = overMs / 1000;
  switch (model.kind) {
    case 'even':
      return (share) => share * overMs;
    case 'bass': {
      const { innovatorsPerSecond: p, imitatorsPerSecond: q } = model;
      const mass = bassCdf(overSeconds, p, q);
      return (share) => Math.min(overMs, 1000 * bassQuantile(share * mass, p, q));
    }
    case 'seismic': {
      const mass = seismicCdf(overSeconds * model.compression);
      return (share) => Math.min(overMs, (1000 * seismicQuantile(share * mass)) / model.compression);
    }
    case 'trace': {
      const { file, quantilesMs } = model;
      if (quantilesMs.length < 2) throw new RangeError(`expected the arrivals of ${file} to have been read`);
      const mass = traceCdf(overMs, quantilesMs);
      return (share) => Math.min(overMs, traceQuantile(share * mass, quantilesMs));
    }
  }
}

/**
 * The inverse of `arrivalQuantile`: which share of a group has come after so many ms from its moment.
 *
 * @returns from ms (any number) to a share in [0, 1].
 */
export function arrivalCdf(model: ArrivalModel, overMs: number): (ms: number) => number {
  const untruncated = cdfOf(model);
  const mass = model.kind === 'even' ? overMs : untruncated(overMs);
  return (ms) => {
    if (ms < 0) return 0;
    return ms >= overMs ? 1 : untruncated(ms) / mass;
  };
}

function cdfOf(model: ArrivalModel): (ms: number) => number {
  switch (model.kind) {
    case 'even':
      return (ms) => ms;
    case 'bass':
      return (ms) => bassCdf(ms / 1000, model.innovatorsPerSecond, model.imitatorsPerSecond);
    case 'seismic':
      return (ms) => seismicCdf((ms / 1000) * model.compression);
    case 'trace':
      return (ms) => traceCdf(ms, model.quantilesMs);
  }
}

/**
 * Writes the arrivals of one group, ms after its moment, into `into` from `offset` on. The people of an even
 * model come one in each of `count` equal steps, jittered within it; those of the others independently.
 *
 * @param unit the draw in (0, 1) of the person at an index of `into`.
 */
export function drawArrivals(
  model: ArrivalModel,
  overMs: number,
  count: number,
  into: Float64Array,
  offset: number,
  unit: (index: number) => number,
): void {
  const quantile = arrivalQuantile(model, overMs);
  const inSteps = model.kind === 'even';
  for (let nth = 0; nth < count; nth++) {
    const drawn = unit(offset + nth);
    into[offset + nth] = quantile(inSteps ? (nth + drawn) / count : drawn);
  }
}
