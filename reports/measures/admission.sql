-- Admission
--
-- Unit: seats, places, tickets, shares. By the server's rows until the night's end; null without a server's side. Whether the
-- admission control kept what it promises is asked by the checks.
-- `seatsTaken`, `seatsReleased`, `seatsExpired`, `seatsAtEnd`: seats that somebody had, those that became free again,
-- those of them that were held and not come back to in time, and those that somebody still had or that were still
-- held at the end; taken = released + at the end. A move and a resumed seat are no new seat. `seatsHeld` counts how
-- often a seat was kept for somebody who was thrown out.
-- `ticketsIssued` counts tickets to a seat or a place, `ticketsRedeemed` those that were used, `ticketsRefused` those that
-- were turned away.
-- `queued`: places given in the queue.
-- `seatsFilledShare`: at the end of the tail, seats taken of the main and the open overflow rooms over their seats; or
-- 1 when nobody wanted one: the queue empty, and people still trying or turned away unseated (refused, tries used up,
-- never answered) at most 1 % of those who arrived. So a server that refuses everybody cannot pass.
WITH filling AS (
  SELECT
    (SELECT arg_max(value, t_ns) FROM happened, night WHERE side = 'server' AND type = 'queue' AND t_ns <= tail_end_ns) AS queue,
    (SELECT sum(taken) / nullif(sum(seats), 0) FROM (
      SELECT room, arg_max(value, t_ns) AS taken FROM happened, night
      WHERE side = 'server' AND type = 'seats-taken' AND t_ns <= tail_end_ns GROUP BY room
    ) JOIN caps USING (room)
    ANTI JOIN (SELECT room FROM happened, night WHERE type = 'room-closed' AND t_ns <= tail_end_ns) AS closed USING (room)
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
  (SELECT count(*) FROM tenures) AS "seatsTaken",
  (SELECT count(*) FROM ledger WHERE type = 'held') AS "seatsHeld",
  (SELECT count(*) FROM tenures WHERE until_ns IS NOT NULL) AS "seatsReleased",
  (SELECT count(*) FROM tenures WHERE end_cause = 'expired') AS "seatsExpired",
  (SELECT count(*) FROM tenures WHERE until_ns IS NULL) AS "seatsAtEnd",
  (SELECT coalesce(sum(value), 0) FROM happened, night WHERE side = 'server' AND type = 'tickets-issued' AND t_ns < end_ns)
    AS "ticketsIssued",
  (SELECT count(*) FROM ledger WHERE type = 'ticket-redeemed') AS "ticketsRedeemed",
  (SELECT count(*) FROM ledger WHERE type = 'ticket-refused') AS "ticketsRefused",
  (SELECT count(*) FROM places WHERE waiting_ns IS NOT NULL) AS "queued",
  (SELECT CASE
    WHEN NOT reached THEN NULL
    WHEN coalesce(queue, 0) = 0 AND arrived > 0 AND trying + turned_away <= 0.01 * arrived THEN 1
    ELSE filled END FROM filling) AS "seatsFilledShare";
