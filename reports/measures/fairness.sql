-- Fairness
--
-- Unit: ms from the planned arrival to being in; shares; Jain's index, from 1/n (one person had all the waiting) to 1 (all
-- waited the same).
-- Population: those who arrived in the surge or after it and got in. `samples` are they.
-- `jainIndex` is (sum of waits)^2 / (n * sum of squared waits) (Jain, Chiu, Hawe 1984). A wait under a second counts as one
-- second: nobody feels less, and without that an idle night would look unfair by its jitter.
-- `overtakenShare`: of them, those who were in later than somebody whose planned arrival was more than a second after
-- theirs.
-- Pitfall: a server that lets in few, all at once, is fair to them. Read it beside the share that never got in.
SELECT count(*) AS "samples",
  pow(sum(greatest(ms, 1000)), 2) / nullif(count(*) * sum(pow(greatest(ms, 1000), 2)), 0) AS "jainIndex",
  nearest_rank(list(ms), 0.5) AS p50,
  nearest_rank(list(ms), 0.95) AS p95,
  max(ms) AS "max",
  count(*) FILTER (later_in_ns < first_in_ns) / nullif(count(*), 0) AS "overtakenShare"
FROM waits;
