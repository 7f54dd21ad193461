-- Leaked seats
--
-- Unit: seats; s. A violation is a seat that the server's ledger still has at the end though its listener has been gone for
-- longer than the missed heartbeat and the hold (or a ticket's life) together, and 2 s more (`admission.leakedSeats`).
-- `worst` is how much longer.
-- Population: seats that were taken and not released. Gone is whoever's last row is a loss, a failed try, giving up or
-- leaving.
-- Tolerance: the 2 s. A hold is what the policy says, by its own rows, where that is longer than the night's.
-- Pitfall: a night shorter than these timeouts cannot show a leak.
WITH gone AS (
  SELECT person_id, max(t_ns) AS gone_ns
  FROM (
    SELECT person_id, arg_max(type, (t_ns, happened.rowid)) AS type, max(t_ns) AS t_ns
    FROM happened
    WHERE side = 'listener' AND person_id IS NOT NULL
      AND type IN ('arrive', 'dial', 'opened', 'asked', 'waiting', 'seated', 'in', 'moved', 'ejected', 'failed', 'gave-up', 'left')
    GROUP BY person_id
  ) WHERE type IN ('ejected', 'failed', 'gave-up', 'left') GROUP BY person_id
), patience AS (
  SELECT greatest(timeouts_ns, coalesce((SELECT max(value) FROM ledger WHERE type = 'held'), 0) * 1e6)::BIGINT + 2000000000
    AS patience_ns
  FROM night
), overdue AS (
  SELECT (end_ns - greatest(gone_ns, tenures.last_ns) - patience_ns) / 1e9 AS seconds
  FROM tenures JOIN gone USING (person_id), patience, night
  WHERE until_ns IS NULL
)
SELECT count(*) FILTER (seconds > 0) AS violations,
  coalesce(max(seconds) FILTER (seconds > 0), 0) AS worst,
  (SELECT end_ns - start_ns > patience_ns FROM night, patience) AS showable,
  (SELECT count(*) FROM tenures) AS taken,
  (SELECT count(*) FROM tenures WHERE until_ns IS NOT NULL) AS released
FROM overdue;
