-- join-latency: from the instant at which somebody meant to come to the seat (body signal) or the first audio
--   packet (a body with media).
-- unit: ms.
-- population: everybody who set out in the surge's waves, by body; never pooled over bodies.
-- pitfalls: those who never got in count as infinitely late, so a quantile that was not reached is null.
--   ofJoined is over the survivors alone and looks better the more people are kept out.
WITH ranked AS (
  SELECT body, first_in_ms - intended_ms AS latency_ms,
    row_number() OVER (PARTITION BY body ORDER BY first_in_ms - intended_ms NULLS LAST) AS place,
    count(*) OVER (PARTITION BY body) AS people
  FROM people WHERE arrive_ms IS NOT NULL AND NOT incumbent
)
SELECT body, count(*) AS count, count(latency_ms) AS joined,
  max(latency_ms) FILTER (place = ceil(0.50 * people)) AS p50,
  max(latency_ms) FILTER (place = ceil(0.90 * people)) AS p90,
  max(latency_ms) FILTER (place = ceil(0.99 * people)) AS p99,
  quantile_cont(latency_ms, 0.50) AS "joinedP50",
  quantile_cont(latency_ms, 0.90) AS "joinedP90",
  quantile_cont(latency_ms, 0.99) AS "joinedP99"
FROM ranked GROUP BY body ORDER BY body;
