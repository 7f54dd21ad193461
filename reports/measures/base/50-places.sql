-- Places in the queue
--
-- Unit: one row for each place in the queue, and for each ask that was seated without waiting; by the server's rows.
-- A place begins with its first position (an ask that was seated at once: with the ask) and ends with the seat, a
-- "full", a leave, or the place's expiry. Whoever was lost and asks again without the ticket to their place has a new one.
-- `lane` is the lane of a queue with priority. `until_ns` is when somebody was seated, or the night's end for those who
-- still waited then; null for those who stopped waiting, and for a resumed seat, which overtakes nobody.
CREATE TABLE places AS
WITH steps AS (
  SELECT *, lag(type) OVER story AS before, lead(type) OVER story AS after
  FROM ledger
  WHERE type IN ('asked', 'ticket-redeemed', 'waiting', 'eta', 'seated', 'full', 'expired', 'left', 'vanished')
  WINDOW story AS (PARTITION BY person_id ORDER BY t_ns, nth)
), numbered AS (
  SELECT *,
    count(*) FILTER (type IN ('seated', 'full', 'expired', 'left')) OVER earlier
      + count(*) FILTER (type = 'asked' AND before = 'vanished' AND after IS DISTINCT FROM 'ticket-redeemed') OVER until_now
      AS place
  FROM steps
  WINDOW earlier AS (PARTITION BY person_id ORDER BY t_ns, nth ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
    until_now AS (PARTITION BY person_id ORDER BY t_ns, nth ROWS UNBOUNDED PRECEDING)
), grouped AS (
  SELECT person_id, place,
    place = max(place) OVER (PARTITION BY person_id) AS is_last,
    arg_min(cause, t_ns) FILTER (type = 'waiting') AS lane,
    coalesce(min(t_ns) FILTER (type = 'waiting'), max(t_ns) FILTER (type = 'asked')) AS from_ns,
    min(t_ns) FILTER (type = 'waiting') AS waiting_ns,
    min(t_ns) FILTER (type = 'seated') AS seated_ns,
    arg_min(value, t_ns) FILTER (type = 'eta') AS eta_ms,
    coalesce(bool_or(type = 'seated' AND cause = 'resumed'), false) AS resumed,
    bool_or(type IN ('full', 'expired', 'left')) AS stopped
  FROM numbered GROUP BY person_id, place
)
SELECT grouped.person_id, place, lane, from_ns, waiting_ns, seated_ns, eta_ms, resumed,
  CASE
    WHEN resumed THEN NULL
    WHEN seated_ns IS NOT NULL THEN seated_ns
    WHEN waiting_ns IS NOT NULL AND is_last AND NOT stopped AND people.at_end_cause = 'waiting' THEN night.end_ns
  END AS until_ns
FROM grouped LEFT JOIN people USING (person_id), night;
