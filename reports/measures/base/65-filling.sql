-- How rooms filled
--
-- Unit: one row a change in the number of seats taken in a room, by every single taking, move and release in the server's
-- rows: `change` is 1 or -1, `taken` how many there were then. A seat that is held for somebody counts as taken.
CREATE TABLE filling AS
WITH whereabouts AS (
  SELECT person_id, t_ns, nth, CASE WHEN type <> 'released' THEN room END AS room,
    lag(CASE WHEN type <> 'released' THEN room END) OVER (PARTITION BY person_id ORDER BY t_ns, nth) AS before
  FROM ledger WHERE type IN ('took', 'moved', 'released')
), changes AS (
  SELECT room, t_ns, nth, 1 AS change FROM whereabouts WHERE room IS NOT NULL AND room IS DISTINCT FROM before
  UNION ALL
  SELECT before AS room, t_ns, nth, -1 AS change FROM whereabouts WHERE before IS NOT NULL AND room IS DISTINCT FROM before
)
SELECT room, t_ns, nth, change, sum(change) OVER (PARTITION BY room ORDER BY t_ns, nth) AS taken FROM changes;
