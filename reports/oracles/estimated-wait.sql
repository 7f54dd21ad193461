-- Estimated wait
--
-- Unit: ms. The error is the wait that was told with the first position minus the wait until the seat: above 0, more was
-- told than it took. `p50` and `p95` are nearest-rank quantiles of the signed error, `errorMs` the mean of its size
-- (`admission.etaErrorMs`); `worst` is the largest size.
-- Population: places that were told a wait and became a seat. Nobody can say what those who gave up would have waited.
-- Tolerance: half of the median wait, and at least 500 ms. An estimate is a guess, so a single one that is wrong is no
-- violation: only when the median error is beyond the tolerance do all estimates beyond it count. That is a server
-- that tells waits which are not so.
WITH told AS (
  SELECT eta_ms - (seated_ns - waiting_ns) / 1e6 AS error_ms, (seated_ns - waiting_ns) / 1e6 AS wait_ms
  FROM places WHERE eta_ms IS NOT NULL AND NOT resumed AND seated_ns IS NOT NULL
), judged AS (
  SELECT nearest_rank(list(error_ms), 0.5) AS p50, nearest_rank(list(error_ms), 0.95) AS p95,
    avg(abs(error_ms)) AS error_ms, max(abs(error_ms)) AS worst, count(*) AS samples,
    greatest(500, 0.5 * nearest_rank(list(wait_ms), 0.5)) AS tolerance_ms
  FROM told
)
SELECT
  CASE WHEN samples > 0 AND abs(p50) > tolerance_ms
    THEN (SELECT count(*) FROM told WHERE abs(told.error_ms) > tolerance_ms) ELSE 0 END AS violations,
  worst, p50, p95, error_ms AS "errorMs", samples, tolerance_ms AS "toleranceMs",
  (SELECT count(*) FROM places WHERE waiting_ns IS NOT NULL) AS waited
FROM judged;
