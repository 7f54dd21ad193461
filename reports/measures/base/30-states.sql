-- States of a listener
--
-- Unit: one row a change of state, by the listener's own rows, in order.
-- A person is `arriving` until the first answer and between tries, `queueing` with a position, `joining` with a seat
-- and no sound yet, `in` or `overflow` by the room, `ejected` from the loss of a seat until in again (whatever they
-- try meanwhile), then `given-up` or `left`. A seat that only the server took away leaves its listener `in`: it
-- believes so. Who waits in the hallway beforehand is in no state before they arrive. Who went to a parallel
-- room has given up the main one, and stays so.
-- `before` is the state until then, `next_ns` when it ends; null for the first and the last.
CREATE TABLE states AS
WITH story AS (
  SELECT person_id, t_ns, type, room, rowid AS nth,
    last_value(CASE WHEN type IN ('in', 'ejected') THEN type END IGNORE NULLS)
      OVER (PARTITION BY person_id ORDER BY t_ns, rowid ROWS UNBOUNDED PRECEDING) AS was,
    count(*) FILTER (type = 'gave-up')
      OVER (PARTITION BY person_id ORDER BY t_ns, rowid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ends_before,
    min(t_ns) FILTER (type = 'arrive')
      OVER (PARTITION BY person_id ORDER BY t_ns, rowid ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS arrived_ns
  FROM happened
  WHERE side = 'listener' AND person_id IS NOT NULL
    AND type IN ('arrive', 'dial', 'waiting', 'full', 'failed', 'seated', 'in', 'moved', 'ejected', 'gave-up', 'left')
), named AS (
  SELECT story.person_id, story.t_ns, story.nth,
    CASE
      WHEN type = 'gave-up' THEN 'given-up'
      WHEN type = 'left' THEN 'left'
      WHEN was = 'ejected' THEN 'ejected'
      WHEN was = 'in' AND room <> night.main_room THEN 'overflow'
      WHEN was = 'in' THEN 'in'
      WHEN type = 'waiting' THEN 'queueing'
      WHEN type IN ('seated', 'moved') THEN 'joining'
      ELSE 'arriving'
    END AS state
  FROM story, night
  WHERE ends_before = 0 AND t_ns >= coalesce(arrived_ns, t_ns)
)
SELECT *, lag(state) OVER lives AS before, lead(t_ns) OVER lives AS next_ns
FROM named WINDOW lives AS (PARTITION BY person_id ORDER BY t_ns, nth);
