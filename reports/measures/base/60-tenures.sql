-- Tenures of seats
--
-- Unit: one row for each seat that somebody had: from taking it until it was free for others, by the server's rows. A
-- move to another room and a resumed seat continue it; while it is held for somebody it goes on. `until_ns` and
-- `end_cause` are null for a seat that was never released. `room` is the last one.
CREATE TABLE tenures AS
WITH steps AS (
  SELECT person_id, t_ns, nth, type, room, cause,
    coalesce(count(*) FILTER (type = 'released') OVER (
      PARTITION BY person_id ORDER BY t_ns, nth ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS tenure
  FROM ledger WHERE type IN ('took', 'moved', 'released')
)
SELECT person_id, tenure,
  min(t_ns) FILTER (type <> 'released') AS from_ns,
  max(t_ns) FILTER (type <> 'released') AS last_ns,
  max(t_ns) FILTER (type = 'released') AS until_ns,
  arg_max(cause, (t_ns, nth)) FILTER (type = 'released') AS end_cause,
  arg_max(room, (t_ns, nth)) AS room
FROM steps
GROUP BY person_id, tenure
-- A seat that was decided and never taken is released too: nobody had it.
HAVING min(t_ns) FILTER (type <> 'released') IS NOT NULL;
