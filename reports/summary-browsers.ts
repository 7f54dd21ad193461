/** The section of a summary about the real browsers. Nothing is computed here. */
import { count, finite } from './figures.ts';
import type { Measured } from './measures/index.ts';
import type { Summary } from './summary-schema.ts';

export function browsersOf(measured: Measured): Summary['browsers'] {
  const row = measured.browsers[0]!;
  return {
    planned: count(row, 'planned'),
    plannedArriving: count(row, 'plannedArriving'),
    count: count(row, 'count'),
    joined: count(row, 'joined'),
    heard: count(row, 'heard'),
    firstAudibleMs: { p50: finite(row, 'firstAudibleP50'), p90: finite(row, 'firstAudibleP90') },
    pageLoadMs: { p50: finite(row, 'pageLoadP50'), p90: finite(row, 'pageLoadP90') },
    concealedShare: finite(row, 'concealedShare'),
    jitterBufferMs: { p50: finite(row, 'jitterBufferP50') },
    lostShare: finite(row, 'lostShare'),
    failed: {
      'page-load': count(row, 'failedLoad'),
      'page-crash': count(row, 'failedCrash'),
      'page-hang': count(row, 'failedHang'),
    },
    clockErrorMs: finite(row, 'clockErrorMs'),
  };
}
