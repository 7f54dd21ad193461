-- Phases of a join by cohort
--
-- Unit: ms, by cohort, body and phase, over the try that got in first. For finding the slow part: what the surge added to
-- a phase is its difference to the cohort before.
-- Population: the phases of each person, as defined above, by when they were to come.
SELECT came AS cohort, body, phase, count(*) AS samples,
  nearest_rank(list(ms), 0.5) AS p50,
  nearest_rank(list(ms), 0.9) AS p90,
  nearest_rank(list(ms), 0.99) AS p99
FROM phases
WHERE came IS NOT NULL
GROUP BY came, body, phase
ORDER BY came, body, phase;
