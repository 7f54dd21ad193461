-- Join latency
--
-- Unit: ms from the planned arrival to being in: the first authenticated audio packet after the seat for a body
-- with media, the seat for one without. One row a body; bodies are never pooled.
-- Population: all who arrived in the surge or after it. Whoever never got in counts as +infinity, so a quantile that
-- falls among them was not reached: it is null, and `notReached` says so. `ofJoined` is about the survivors alone and
-- looks better the more people fail: it is never judged.
-- Quantiles are nearest-rank: an observed value, not one between two.
SELECT body,
  count(*) AS "count",
  count(first_in_ns) AS "joined",
  nearest_rank(list(latency_ms), 0.5) AS p50,
  nearest_rank(list(latency_ms), 0.9) AS p90,
  nearest_rank(list(latency_ms), 0.99) AS p99,
  nearest_rank(list(latency_ms) FILTER (first_in_ns IS NOT NULL), 0.5) AS "joinedP50",
  nearest_rank(list(latency_ms) FILTER (first_in_ns IS NOT NULL), 0.9) AS "joinedP90",
  nearest_rank(list(latency_ms) FILTER (first_in_ns IS NOT NULL), 0.99) AS "joinedP99"
FROM (
  SELECT body, first_in_ns, coalesce((first_in_ns - intended_ns) / 1e6, 'infinity'::DOUBLE) AS latency_ms
  FROM people
  WHERE arrived AND in_surge AND body IS NOT NULL
)
GROUP BY body
ORDER BY body;
