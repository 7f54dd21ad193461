-- Rooms over time
--
-- Unit: people in each kind of room, and people who want to be in one, at each full second of the night, by the rows of listeners.
-- Population: everybody who arrived by then. `main` and `overflow` are in and hear the talk there, by the states of listeners.
-- `parallel` sit in a room that listeners opened, from their row of it until they leave it or lose it, or until the night ends.
-- `waiting` want to be in and are not: they try, queue, have a seat and no sound yet, or were thrown out and are not back. Who
-- gave up or left is in none of these.
-- Pitfall: a listener whose seat only the server took away believes to be in, and is counted so.
WITH seconds AS (
  SELECT unnest(generate_series(0, ceil((end_ns - start_ns) / 1e9)::BIGINT)) AS second FROM night
), aside AS (
  SELECT person_id, min(t_ns) FILTER (type = 'parallel') AS from_ns, max(t_ns) FILTER (type IN ('left', 'parallel-lost')) AS until_ns
  FROM happened WHERE side = 'listener' AND type IN ('parallel', 'left', 'parallel-lost')
  GROUP BY person_id HAVING from_ns IS NOT NULL
), placed AS (
  SELECT t_ns, state, 1 AS change FROM states
  UNION ALL
  SELECT t_ns, before, -1 FROM states WHERE before IS NOT NULL
), changes AS (
  SELECT t_ns, change,
    CASE WHEN state = 'in' THEN 'main' WHEN state = 'overflow' THEN 'overflow'
      WHEN state IN ('arriving', 'queueing', 'joining', 'ejected') THEN 'waiting' END AS place
  FROM placed
  UNION ALL
  SELECT from_ns, 1, 'parallel' FROM aside
  UNION ALL
  SELECT until_ns, -1, 'parallel' FROM aside WHERE until_ns >= from_ns
), by_second AS (
  SELECT greatest(0, ceil((t_ns - start_ns) / 1e9))::BIGINT AS second, place, sum(change) AS change
  FROM changes, night WHERE place IS NOT NULL GROUP BY ALL
), places AS (
  SELECT unnest(['main', 'overflow', 'parallel', 'waiting']) AS place
)
SELECT seconds.second, places.place,
  (sum(coalesce(change, 0)) OVER (PARTITION BY places.place ORDER BY seconds.second))::BIGINT AS people
FROM seconds CROSS JOIN places LEFT JOIN by_second ON by_second.second = seconds.second AND by_second.place = places.place
ORDER BY places.place, seconds.second;
