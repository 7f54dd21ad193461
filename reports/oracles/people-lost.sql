-- People lost
--
-- Unit: people; s. A violation is a listener whose story has no end (not in, gone, given up, nor trying when the night
-- ended), or a person whose ask the server heard and never answered: no seat, no position, no "full". `worst` is the
-- longest time that such an ask hung. `neverIn` is `crowd.lost`: the first kind, as far as they were never in.
-- Population: everybody who arrived; every ask that the server wrote down. A policy answers an ask in the same turn of
-- the event loop, so an ask whose next row is a hang-up, another ask or nothing was dropped, however slow the server is.
-- Tolerance: none; an ask of the last 100 ms may be unanswered.
WITH endless AS (
  SELECT person_id, outcome FROM people
  WHERE arrived AND gave_up_ns IS NULL AND left_ns IS NULL AND at_end_ns IS NULL
), asks AS (
  SELECT person_id, type, t_ns, lead(type) OVER story AS answer, lead(t_ns) OVER story AS next_ns
  FROM ledger
  WHERE type IN ('asked', 'waiting', 'seated', 'full', 'vanished', 'left')
  WINDOW story AS (PARTITION BY person_id ORDER BY t_ns, nth)
), dropped AS (
  SELECT person_id, (coalesce(next_ns, end_ns) - t_ns) / 1e9 AS seconds
  FROM asks, night
  WHERE type = 'asked' AND (answer IS NULL OR answer IN ('asked', 'vanished', 'left')) AND t_ns < end_ns - 100000000
)
SELECT
  (SELECT count(*) FROM (SELECT person_id FROM endless UNION SELECT person_id FROM dropped)) AS violations,
  (SELECT coalesce(max(seconds), 0) FROM dropped) AS worst,
  (SELECT count(*) FROM endless) AS endless,
  (SELECT count(*) FROM endless WHERE outcome = 'lost') AS "neverIn",
  (SELECT count(DISTINCT person_id) FROM dropped) AS unanswered,
  (SELECT ended AND interrupted_ns IS NULL FROM night) AS whole;
