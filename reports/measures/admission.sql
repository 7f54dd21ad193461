-- Admission
--
-- Unit: seats, people, ms, shares. By the server's rows until the night's end; null without a server's side.
-- `overAdmitted`: largest number of seats taken over a room's seats, by the rows of each second.
-- `fifoInversions`: seatings that overtook somebody who had come into the queue earlier and was seated later, or
-- still waited at the end. A resumed seat overtakes nobody. A place begins with its first position (an ask that was
-- seated at once: with the ask) and ends with the seat, a "full", or the place's expiry.
-- `etaErrorMs`: mean of |wait that was told with the first position - wait until the seat|, over those seated; null
-- where the server tells none.
-- `leakedSeats`: seats that the server's ledger still has at the end though their listener has been gone for longer
-- than the missed heartbeat and the hold (or a ticket's life) together, and 2 s more. A night shorter than these
-- timeouts cannot show a leak.
-- `ghostSeats`: seats taken whose answer reached nobody (the listener has no `seated` for that try), or whose
-- listener left without a word before the talk ended. Every server has them; it is leaks that must not be.
-- `replayedTickets`: resumed seats given although nothing had been lost since the seat was last taken: a ticket was
-- accepted twice. `ticketsRefused` counts those that were turned away.
-- `seatsFilledShare`: at the end of the tail, seats taken of the main and the open overflow rooms over their seats; or
-- 1 when nobody wanted one: the queue empty, and people still trying or turned away unseated (refused, tries used up,
-- never answered) at most 1 % of those who arrived. So a server that refuses everybody cannot pass.
WITH ledger AS (
  SELECT person_id, attempt, t_ns, type, room, cause, value, events.rowid AS nth
  FROM events, night
  WHERE side = 'server' AND person_id IS NOT NULL AND t_ns < night.end_ns
), caps AS (
  SELECT room, max(value) AS seats FROM events WHERE side = 'server' AND type = 'room-opened' GROUP BY room
), places AS (
  SELECT *, count(*) FILTER (type IN ('seated', 'full', 'expired')) OVER (
    PARTITION BY person_id ORDER BY t_ns, nth ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS place
  FROM ledger WHERE type IN ('asked', 'waiting', 'eta', 'seated', 'full', 'expired')
), waits AS (
  SELECT places.person_id,
    coalesce(min(t_ns) FILTER (type = 'waiting'), max(t_ns) FILTER (type = 'asked')) AS from_ns,
    min(t_ns) FILTER (type = 'waiting') AS waiting_ns,
    min(t_ns) FILTER (type = 'seated') AS seated_ns,
    arg_min(value, t_ns) FILTER (type = 'eta') AS eta_ms,
    CASE
      WHEN bool_or(type = 'seated' AND cause = 'resumed') THEN NULL
      WHEN bool_or(type = 'seated') THEN min(t_ns) FILTER (type = 'seated')
      WHEN bool_or(type = 'waiting') AND any_value(people.at_end_cause) = 'waiting' AND NOT bool_or(type IN ('full', 'expired'))
        THEN any_value(night.end_ns)
    END AS until_ns
  FROM places LEFT JOIN people USING (person_id), night
  GROUP BY places.person_id, place
), overtaking AS (
  SELECT seated_ns IS NOT NULL AND until_ns < max(until_ns) OVER (
    ORDER BY from_ns ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS inverted
  FROM waits WHERE until_ns IS NOT NULL AND from_ns IS NOT NULL
), seats_at_end AS (
  SELECT person_id, arg_max(type, (t_ns, nth)) AS last_type, arg_max(t_ns, (t_ns, nth)) AS last_ns
  FROM ledger WHERE type IN ('took', 'moved', 'released') GROUP BY person_id
), gone AS (
  SELECT person_id, max(t_ns) AS gone_ns
  FROM (
    SELECT person_id, arg_max(type, (t_ns, events.rowid)) AS type, max(t_ns) AS t_ns
    FROM events
    WHERE side = 'listener' AND person_id IS NOT NULL
      AND type IN ('arrive', 'dial', 'opened', 'asked', 'waiting', 'seated', 'in', 'moved', 'ejected', 'failed', 'gave-up', 'left')
    GROUP BY person_id
  ) WHERE type IN ('ejected', 'failed', 'gave-up', 'left') GROUP BY person_id
), unheard AS (
  SELECT DISTINCT took.person_id, took.attempt
  FROM ledger AS took
  ANTI JOIN (SELECT person_id, attempt FROM events WHERE side = 'listener' AND type = 'seated') AS told
    ON told.person_id = took.person_id AND told.attempt IS NOT DISTINCT FROM took.attempt
  WHERE took.type = 'took'
), silent AS (
  SELECT DISTINCT people.person_id, NULL::BIGINT AS attempt
  FROM people JOIN ledger ON ledger.person_id = people.person_id AND ledger.type = 'took', night
  WHERE left_cause = 'silent' AND left_ns < night.tail_end_ns
), resumptions AS (
  SELECT type, cause, lag(type) OVER (PARTITION BY person_id ORDER BY t_ns, nth) AS before
  FROM (
    SELECT person_id, t_ns, nth, type, cause FROM ledger WHERE type IN ('seated', 'held', 'ejected', 'vanished')
    UNION ALL
    SELECT person_id, t_ns, rowid, type, cause FROM events WHERE side = 'listener' AND type IN ('ejected', 'failed')
  )
), filling AS (
  SELECT
    (SELECT arg_max(value, t_ns) FROM events, night WHERE side = 'server' AND type = 'queue' AND t_ns <= tail_end_ns) AS queue,
    (SELECT sum(taken) / nullif(sum(seats), 0) FROM (
      SELECT room, arg_max(value, t_ns) AS taken FROM events, night
      WHERE side = 'server' AND type = 'seats-taken' AND t_ns <= tail_end_ns GROUP BY room
    ) JOIN caps USING (room)
    ANTI JOIN (SELECT room FROM events, night WHERE type = 'room-closed' AND t_ns <= tail_end_ns) AS closed USING (room)
    ) AS filled,
    (SELECT count(*) FROM (
      SELECT person_id, arg_max(state, (t_ns, nth)) AS state FROM states, night WHERE t_ns <= tail_end_ns GROUP BY person_id
    ) WHERE state IN ('arriving', 'queueing', 'joining', 'ejected')) AS trying,
    (SELECT count(*) FROM people, night
      WHERE first_in_ns IS NULL AND gave_up_ns <= tail_end_ns AND gave_up_cause IN ('refused', 'tries')) AS turned_away,
    (SELECT count(*) FROM people WHERE arrived) AS arrived,
    (SELECT end_ns >= tail_end_ns FROM night) AS reached
)
SELECT
  (SELECT coalesce(max(greatest(0, value - seats)), 0) FROM events JOIN caps USING (room), night
    WHERE side = 'server' AND type = 'seats-taken' AND t_ns < end_ns) AS "overAdmitted",
  (SELECT count(*) FROM overtaking WHERE inverted) AS "fifoInversions",
  (SELECT avg(abs(eta_ms - (seated_ns - waiting_ns) / 1e6)) FROM waits WHERE eta_ms IS NOT NULL AND until_ns = seated_ns)
    AS "etaErrorMs",
  (SELECT count(*) FROM waits WHERE eta_ms IS NOT NULL AND until_ns = seated_ns) AS "etaSamples",
  (SELECT count(*) FROM waits WHERE waiting_ns IS NOT NULL) AS "queued",
  (SELECT count(*) FROM seats_at_end JOIN gone USING (person_id), night
    WHERE last_type <> 'released' AND greatest(gone_ns, seats_at_end.last_ns) + timeouts_ns + 2000000000 < end_ns) AS "leakedSeats",
  (SELECT count(*) FROM (SELECT * FROM unheard UNION ALL SELECT * FROM silent)) AS "ghostSeats",
  (SELECT count(*) FROM resumptions WHERE type = 'seated' AND cause = 'resumed' AND before IS NOT DISTINCT FROM 'seated')
    AS "replayedTickets",
  (SELECT count(*) FROM ledger WHERE type = 'ticket-refused') AS "ticketsRefused",
  (SELECT CASE
    WHEN NOT reached THEN NULL
    WHEN coalesce(queue, 0) = 0 AND arrived > 0 AND trying + turned_away <= 0.01 * arrived THEN 1
    ELSE filled END FROM filling) AS "seatsFilledShare";
