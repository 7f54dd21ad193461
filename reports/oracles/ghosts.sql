-- Ghosts
--
-- Unit: seats (`admission.ghostSeats`); s. A ghost is a seat that was taken and whose answer reached nobody (the listener has
-- no `seated` for that try), or whose listener left without a word before the talk ended. `worst` is how long the
-- server took the longest of the latter to be there.
-- Not counted: guests, people with the room page (ids from 2^31 on), of whom only the server writes rows.
-- Every server has ghosts until a heartbeat is missed, so they are counted and are no violation: leaked seats are.
WITH unheard AS (
  SELECT DISTINCT took.person_id, took.attempt
  FROM ledger AS took
  ANTI JOIN (SELECT person_id, attempt FROM happened WHERE side = 'listener' AND type = 'seated') AS told
    ON told.person_id = took.person_id AND told.attempt IS NOT DISTINCT FROM took.attempt
  WHERE took.type = 'took' AND took.person_id < 2147483648
), silent AS (
  SELECT DISTINCT people.person_id, left_ns
  FROM people JOIN ledger ON ledger.person_id = people.person_id AND ledger.type = 'took', night
  WHERE left_cause = 'silent' AND left_ns < night.tail_end_ns
), haunting AS (
  SELECT silent.person_id, (coalesce(min(t_ns), any_value(end_ns)) - any_value(left_ns)) / 1e9 AS seconds
  FROM silent CROSS JOIN night
  LEFT JOIN ledger ON ledger.person_id = silent.person_id AND ledger.type IN ('ejected', 'left', 'held', 'released') AND t_ns > left_ns
  GROUP BY silent.person_id
)
SELECT 0 AS violations,
  (SELECT coalesce(max(seconds), 0) FROM haunting) AS worst,
  (SELECT count(*) FROM unheard) AS unheard,
  (SELECT count(*) FROM silent) AS silent,
  (SELECT count(*) FROM unheard) + (SELECT count(*) FROM silent) AS ghosts;
