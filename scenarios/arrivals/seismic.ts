/**
 * How soon people react to a tweet (M1): the memory kernel of Zhao, Erdogdu, He, Rajaraman and Leskovec,
 * "SEISMIC: a self-exciting point process model for predicting tweet popularity", KDD 2015. Its density is flat
 * for the first 300 s and a power law after that; the published constants make its whole mass 1.
 */

const FLAT_SECONDS = 300;
const DENSITY_PER_SECOND = 0.0006265725;
const THETA = 0.2314843;

const FLAT_MASS = DENSITY_PER_SECOND * FLAT_SECONDS;
const TAIL_MASS = FLAT_MASS / THETA;

/** Share of all reactions within `seconds` of the real night. */
export function seismicCdf(seconds: number): number {
  if (seconds <= FLAT_SECONDS) return DENSITY_PER_SECOND * Math.max(0, seconds);
  return FLAT_MASS + TAIL_MASS * (1 - (seconds / FLAT_SECONDS) ** -THETA);
}

/** Seconds of the real night after which a share in [0, 1) has reacted; the inverse of `seismicCdf`. */
export function seismicQuantile(share: number): number {
  if (share <= FLAT_MASS) return share / DENSITY_PER_SECOND;
  return FLAT_SECONDS * (1 - (share - FLAT_MASS) / TAIL_MASS) ** (-1 / THETA);
}
