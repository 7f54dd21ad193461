-- Waiting and seated
--
-- Unit: people; s. A violation is a person whom the server had in the queue and in a seat at once, by its own rows: told of
-- a position, or let a place of theirs expire, between being seated and losing the seat. `worst` is the longest time
-- from the seat until then.
-- Population: everybody who was seated.
-- Tolerance: none.
WITH story AS (
  SELECT person_id, t_ns, nth, type, room,
    last_value(CASE WHEN type IN ('seated', 'left', 'vanished', 'ejected', 'full', 'released') THEN type END IGNORE NULLS) OVER earlier
      AS was,
    last_value(CASE WHEN type = 'seated' THEN t_ns END IGNORE NULLS) OVER earlier AS seated_ns
  FROM ledger
  WHERE type IN ('seated', 'left', 'vanished', 'ejected', 'full', 'released', 'waiting', 'expired')
  WINDOW earlier AS (PARTITION BY person_id ORDER BY t_ns, nth ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), twice AS (
  SELECT person_id, (t_ns - seated_ns) / 1e9 AS seconds
  FROM story
  -- A held seat that ran out is written with its room, a place in the queue without one.
  WHERE was = 'seated' AND (type = 'waiting' OR (type = 'expired' AND room IS NULL))
)
SELECT count(DISTINCT person_id) AS violations, coalesce(max(seconds), 0) AS worst, count(*) AS times FROM twice;
