-- join-curve: share of people who were in so many seconds after they meant to come.
-- unit: s and share (0..1).
-- population: everybody who set out in the surge's waves, by body; those who never got in stay in the denominator.
-- pitfalls: first time in; whoever is thrown out again is not taken out of the curve.
WITH arrivals AS (
  SELECT body, first_in_ms - intended_ms AS latency_ms FROM people WHERE arrive_ms IS NOT NULL AND NOT incumbent
), instants AS (SELECT unnest([0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60]) AS s)
SELECT body, s, count(*) FILTER (latency_ms <= s * 1000) / count(*) AS share
FROM arrivals, instants GROUP BY ALL ORDER BY body, s;
