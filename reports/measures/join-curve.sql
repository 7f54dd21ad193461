-- Join curve
--
-- Unit: share of arrivals that are in, by ms since their planned arrival, in steps of 500 ms, by body.
-- Population: all who arrived in the surge or after it; those who never got in stay in the denominator, so a curve
-- ends at the share that ever got in, not at 1.
-- Pitfall: a late arrival has less night left than an early one; the curve's end is about the night's length too.
WITH window_ms AS (
  SELECT least(60000, greatest(1000, ceil((end_ns - surge_start_ns) / 1e6 / 500) * 500))::BIGINT AS length_ms FROM night
), steps AS (
  SELECT unnest(generate_series(0, length_ms, 500)) AS ms FROM window_ms
), arrivals AS (
  SELECT body, (first_in_ns - intended_ns) / 1e6 AS latency_ms
  FROM people WHERE arrived AND in_surge AND body IS NOT NULL
)
SELECT body, ms, count(*) FILTER (latency_ms <= ms) / count(*) AS share
FROM arrivals, steps
GROUP BY body, ms
ORDER BY body, ms;
