-- Phases of a join
--
-- Unit: ms, by body and phase, over the try that got in first.
-- Population: the phases of each person, as defined above, of those of the join latency. They are for finding the slow part, not for judging.
SELECT body, phase, count(*) AS samples,
  nearest_rank(list(ms), 0.5) AS p50,
  nearest_rank(list(ms), 0.9) AS p90,
  nearest_rank(list(ms), 0.99) AS p99
FROM phases
WHERE came IN ('surge', 'after')
GROUP BY body, phase
ORDER BY body, phase;
