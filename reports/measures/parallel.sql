-- Parallel rooms and the hallway
--
-- Unit: rooms, people, requests.
-- Population: rooms that listeners opened themselves. `roomsOpened` and `seatedMax` by the server's rows (a seat there begins
-- when it is taken and ends with a leave or a loss), `aside` people who went there and gave up the main room, by their
-- own rows. `hallwayRequests` counts lists of rooms that the server gave, `hallwayRequestsPerSecondMax` those of its
-- busiest second.
WITH seats AS (
  SELECT t_ns, happened.rowid AS nth, CASE WHEN type = 'took' THEN 1 ELSE -1 END AS change
  FROM happened, night
  WHERE side = 'server' AND type IN ('took', 'left', 'ejected') AND starts_with(room, 'parallel-') AND t_ns < end_ns
), hallway AS (
  SELECT value FROM happened, night WHERE side = 'server' AND type = 'hallway' AND t_ns < end_ns
)
SELECT
  (SELECT count(*) FROM happened, night
    WHERE side = 'server' AND type = 'room-opened' AND starts_with(room, 'parallel-') AND t_ns < end_ns) AS "roomsOpened",
  (SELECT coalesce(max(taken), 0) FROM (
    SELECT sum(change) OVER (ORDER BY t_ns, nth ROWS UNBOUNDED PRECEDING) AS taken FROM seats)) AS "seatedMax",
  (SELECT count(DISTINCT person_id) FROM happened WHERE side = 'listener' AND type = 'parallel') AS "aside",
  (SELECT coalesce(sum(value), 0) FROM hallway) AS "hallwayRequests",
  (SELECT coalesce(max(value), 0) FROM hallway) AS "hallwayRequestsPerSecondMax";
