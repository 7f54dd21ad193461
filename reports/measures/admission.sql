-- admission: did the admission control keep its word?
-- unit: seats (overAdmitted, leakedSeats, ghostSeats), people (fifoInversions), share 0..1 (seatsFilledShare).
-- population: the server's ledger against the listeners' own view; null where the server's side is not seen.
-- pitfalls: overAdmitted is the most seats of the main room above its cap in any second. fifoInversions counts
--   people seated after somebody who had begun to wait later, those who lost their connection meanwhile left
--   out. leakedSeats are seats still taken at the end whose listener had been gone for longer than every
--   timeout. ghostSeats: the server gave a seat and the answer reached nobody, or its listener left without a
--   word. doubleSeats: one seat, two people at a time, which is what a replayed ticket would do.
--   seatsFilledShare divides the seats taken at the tail's end by the seats that could have been: those open, or
--   the people who wanted one if that is fewer. Whoever gave up outside or was refused had wanted one.
WITH waits AS (
  SELECT w.person_id, min(w.ms) AS waited_ms,
    (SELECT min(s.ms) FROM server_rows s WHERE s.person_id = w.person_id AND s.type = 'seated') AS seated_ms
  FROM server_rows w WHERE w.type = 'waiting'
    AND NOT EXISTS (FROM server_rows v WHERE v.person_id = w.person_id AND v.type = 'vanished')
  GROUP BY w.person_id
), overtaken AS (
  SELECT seated_ms > min(seated_ms) OVER (ORDER BY waited_ms ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS inverted
  FROM waits WHERE seated_ms IS NOT NULL
), ledger AS (
  SELECT person_id, arg_max(type, t_ns) AS last_type FROM server_rows
  WHERE type IN ('took', 'released', 'held') GROUP BY person_id
), gone AS (
  SELECT person_id, max(ms) AS ms FROM listener WHERE type IN ('left', 'gave-up', 'ejected') GROUP BY person_id
), takes AS (
  SELECT t_ns, person_id, attempt, room, value AS seat, type FROM server_rows WHERE type IN ('took', 'released')
), concurrent AS (
  SELECT sum(CASE WHEN type = 'took' THEN 1 ELSE -1 END)
    OVER (PARTITION BY room, seat ORDER BY t_ns, type ROWS UNBOUNDED PRECEDING) AS people
  FROM (SELECT DISTINCT ON (room, seat, person_id, type, released_before) *
        FROM (SELECT *, count(*) FILTER (type = 'released') OVER (PARTITION BY room, seat ORDER BY t_ns ROWS UNBOUNDED PRECEDING) AS released_before FROM takes))
), at_tail_end AS (
  SELECT
    (SELECT sum(taken) FROM (SELECT room, arg_max(taken, ms) AS taken FROM seats, clock WHERE ms <= tail_end_ms AND ms > tail_end_ms - 2500 GROUP BY room)) AS taken,
    (SELECT sum(seats) FROM (SELECT DISTINCT room, seats FROM seats, clock WHERE ms <= tail_end_ms AND ms > tail_end_ms - 2500)) AS open_seats,
    (SELECT count(*) FROM stretches, clock WHERE from_ms <= tail_end_ms AND to_ms > tail_end_ms AND state <> 'left') AS wanted
)
SELECT
  (SELECT greatest(0, max(taken - seats)) FROM seats WHERE main) AS "overAdmitted",
  (SELECT count(*) FILTER (inverted) FROM overtaken) AS "fifoInversions",
  (SELECT count(*) FROM ledger JOIN gone USING (person_id), clock
    WHERE last_type = 'took' AND gone.ms < night_end_ms - timeouts_ms - 2000
      AND NOT EXISTS (FROM listener l WHERE l.person_id = gone.person_id AND l.type = 'seated' AND l.ms > gone.ms)) AS "leakedSeats",
  (SELECT count(*) FROM server_rows t WHERE t.type = 'took'
      AND NOT EXISTS (FROM listener l WHERE l.person_id = t.person_id AND l.attempt = t.attempt AND l.type = 'seated'))
    + (SELECT count(*) FROM listener WHERE type = 'left' AND cause = 'silent') AS "ghostSeats",
  (SELECT count(*) FILTER (people > 1) FROM concurrent) AS "doubleSeats",
  (SELECT count(*) FROM server_rows WHERE type = 'ticket-refused') AS "ticketsRefused",
  (SELECT CASE WHEN wanted = 0 THEN 1 ELSE least(1, taken / least(open_seats, wanted)) END FROM at_tail_end) AS "seatsFilledShare",
  (SELECT count(*) > 0 FROM server_rows WHERE type = 'seats-taken') AS "serverSeen";
