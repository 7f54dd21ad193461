-- Parallel rooms over time
--
-- Unit: people who sit in a room that listeners opened, at each full second of the night, by the rows of listeners.
-- Population: whoever went there, from their row of it until they leave it or lose it, or until the night ends. In the states of
-- listeners they have given up.
WITH seconds AS (
  SELECT unnest(generate_series(0, ceil((end_ns - start_ns) / 1e9)::BIGINT)) AS second FROM night
), aside AS (
  SELECT person_id, min(t_ns) FILTER (type = 'parallel') AS from_ns, max(t_ns) FILTER (type IN ('left', 'parallel-lost')) AS until_ns
  FROM happened WHERE side = 'listener' AND type IN ('parallel', 'left', 'parallel-lost')
  GROUP BY person_id HAVING from_ns IS NOT NULL
), changes AS (
  SELECT from_ns AS t_ns, 1 AS change FROM aside
  UNION ALL
  SELECT until_ns, -1 FROM aside WHERE until_ns >= from_ns
), by_second AS (
  SELECT greatest(0, ceil((t_ns - start_ns) / 1e9))::BIGINT AS second, sum(change) AS change FROM changes, night GROUP BY ALL
)
SELECT second, (sum(coalesce(change, 0)) OVER (ORDER BY second))::BIGINT AS people
FROM seconds LEFT JOIN by_second USING (second)
ORDER BY second;
