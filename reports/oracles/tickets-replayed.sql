-- Tickets replayed
--
-- Unit: a violation is a ticket that was accepted although it had been used (`admission.replayedTickets`): one whose use
-- the server wrote down twice, without having given it back in between (it does when the answer could not be sent);
-- or a seat that was resumed although nothing had been lost since it was last taken. `worst` is how often one person did.
-- Population: every use of a ticket. Those that were turned away are counted apart and are what should happen.
-- Tolerance: none.
WITH uses AS (
  SELECT person_id, type, cause AS ticket, lag(type) OVER (PARTITION BY cause ORDER BY t_ns, nth) AS before
  FROM ledger WHERE type IN ('ticket-redeemed', 'ticket-returned')
), resumptions AS (
  SELECT person_id, type, cause, lag(type) OVER (PARTITION BY person_id ORDER BY t_ns, nth) AS before
  FROM (
    SELECT person_id, t_ns, nth, type, cause FROM ledger WHERE type IN ('seated', 'held', 'ejected', 'vanished')
    UNION ALL
    SELECT person_id, t_ns, rowid, type, cause FROM happened WHERE side = 'listener' AND type IN ('ejected', 'failed')
  )
), replays AS (
  SELECT person_id FROM uses WHERE type = 'ticket-redeemed' AND before = 'ticket-redeemed'
  UNION ALL
  SELECT person_id FROM resumptions WHERE type = 'seated' AND cause = 'resumed' AND before IS NOT DISTINCT FROM 'seated'
)
SELECT (SELECT count(*) FROM replays) AS violations,
  (SELECT coalesce(max(times), 0) FROM (SELECT count(*) AS times FROM replays GROUP BY person_id)) AS worst,
  (SELECT count(*) FROM uses WHERE type = 'ticket-redeemed') AS redeemed,
  (SELECT count(*) FROM ledger WHERE type = 'ticket-refused') AS refused;
