-- Where people came from
--
-- Unit: people; `joinP50Ms` ms. One row an origin: inside (in the network already, incumbents among them), twitter (over
-- from there), followers (after somebody whom they follow and who invited them).
-- Population: everybody in the plan who set out. Whoever is in no plan has no origin and is in no row.
-- `joinP50Ms` is the median of the join latency as defined there, over the arrivals of the surge with the body nearest to a
-- real listener that the run has; whoever never got in counts as +infinity, and a median that falls among them was not
-- reached. `handsRaised` counts people who raised a hand by their own rows.
WITH headline AS (
  SELECT arg_min(body, list_position(['webrtc', 'rtp', 'k6', 'signal'], body)) AS body
  FROM people WHERE arrived AND in_surge AND body IN ('webrtc', 'rtp', 'k6', 'signal')
), hands AS (
  SELECT DISTINCT person_id, true AS raised FROM happened WHERE side = 'listener' AND type = 'hand'
), latencies AS (
  SELECT origin, nearest_rank(list(coalesce((first_in_ns - intended_ns) / 1e6, 'infinity'::DOUBLE)), 0.5) AS p50
  FROM people JOIN headline USING (body)
  WHERE arrived AND in_surge
  GROUP BY origin
)
SELECT origin,
  count(*) AS "arrived",
  count(first_in_ns) AS "joined",
  count(*) - count(first_in_ns) AS "neverIn",
  count(last_ns) AS "ejectedPeople",
  count(*) FILTER (tried AND NOT returned) AS "stranded",
  count(raised) AS "handsRaised",
  any_value(latencies.p50) AS "joinP50Ms"
FROM people
LEFT JOIN after_losses USING (person_id)
LEFT JOIN hands USING (person_id)
LEFT JOIN latencies USING (origin)
WHERE arrived AND planned AND origin IS NOT NULL
GROUP BY origin
ORDER BY origin;
