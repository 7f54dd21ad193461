-- Overtaking in the queue
--
-- Unit: a violation is a seating that overtook somebody: the other had come into the queue earlier and was seated later,
-- or still waited at the end (`admission.fifoInversions`). `pairs` counts who overtook whom; `worst` is how many overtook
-- one person.
-- Population: places in the queue, lane by lane. Where the queue has lanes, overtaking across them is what they are for;
-- an ask that was seated at once has then no lane and is left out. A resumed seat overtakes nobody, and whoever was lost
-- and comes back with a ticket was not overtaken by those who were seated meanwhile: a queue does not stand still for
-- somebody who is not there.
-- Tolerance: none.
WITH waits AS (
  SELECT *, coalesce(lane, '') AS line FROM places
  WHERE until_ns IS NOT NULL AND from_ns IS NOT NULL
    AND (lane IS NOT NULL OR NOT EXISTS (SELECT 1 FROM places WHERE lane IS NOT NULL))
), absences AS (
  SELECT person_id, t_ns AS from_ns, next_ns AS until_ns
  FROM (SELECT person_id, type, t_ns, lead(t_ns) OVER (PARTITION BY person_id ORDER BY t_ns, nth) AS next_ns
    FROM ledger WHERE type IN ('vanished', 'asked'))
  WHERE type = 'vanished'
), ranked AS (
  -- Whom nobody can have overtaken, and who can have overtaken nobody, is in no pair: pairs are dear, and most are neither.
  SELECT *,
    min(until_ns) FILTER (seated_ns IS NOT NULL) OVER (
      PARTITION BY line ORDER BY from_ns RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS later_until_ns,
    max(until_ns) OVER (PARTITION BY line ORDER BY from_ns RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier_until_ns
  FROM waits
), pairs AS (
  SELECT slow.person_id AS slow_id, slow.place AS slow_place, quick.person_id AS quick_id, quick.place AS quick_place
  FROM (FROM ranked WHERE later_until_ns < until_ns) AS slow
  JOIN (FROM ranked WHERE seated_ns IS NOT NULL AND earlier_until_ns > until_ns) AS quick
    ON quick.line = slow.line AND quick.from_ns > slow.from_ns AND quick.until_ns < slow.until_ns
  ANTI JOIN absences
    ON absences.person_id = slow.person_id AND quick.until_ns BETWEEN absences.from_ns AND absences.until_ns
)
SELECT (SELECT count(DISTINCT (quick_id, quick_place)) FROM pairs) AS violations,
  (SELECT coalesce(max(overtaken), 0) FROM (SELECT count(*) AS overtaken FROM pairs GROUP BY slow_id, slow_place)) AS worst,
  (SELECT count(*) FROM pairs) AS pairs,
  (SELECT count(*) FROM waits WHERE waiting_ns IS NOT NULL) AS waited;
