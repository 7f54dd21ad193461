-- Join latency by cohort
--
-- Unit: ms from the planned arrival to being in, as defined under "Join latency"; one row a cohort and body.
-- Population: everybody of the plan who arrived, by when they were to come (`came` under "People"): `before` the surge, in
-- the `surge`, `after` it. Surge and after together are the population of the join latency. Whoever never got in counts as
-- +infinity here too.
-- Pitfall: who came after the surge is few (the last 5 % of its arrivals) and had the least night left; the cohort before
-- it came calmly and says what a join costs when nothing happens.
SELECT came AS cohort, body,
  count(*) AS "count",
  count(first_in_ns) AS "joined",
  nearest_rank(list(latency_ms), 0.5) AS p50,
  nearest_rank(list(latency_ms), 0.9) AS p90,
  nearest_rank(list(latency_ms), 0.99) AS p99
FROM (
  SELECT came, body, first_in_ns, coalesce((first_in_ns - intended_ns) / 1e6, 'infinity'::DOUBLE) AS latency_ms
  FROM people
  WHERE arrived AND came IS NOT NULL
)
GROUP BY came, body
ORDER BY came, body;
