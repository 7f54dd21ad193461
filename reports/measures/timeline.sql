-- Crowd over time
--
-- Unit: people in each state, at each full second of the night, by the states of listeners.
-- Population: everybody who arrived by then; the states of a second sum to exactly them.
WITH seconds AS (
  SELECT unnest(generate_series(0, ceil((end_ns - start_ns) / 1e9)::BIGINT)) AS second FROM night
), changes AS (
  SELECT t_ns, state, 1 AS change FROM states
  UNION ALL
  SELECT t_ns, before AS state, -1 AS change FROM states WHERE before IS NOT NULL
), by_second AS (
  SELECT greatest(0, ceil((t_ns - start_ns) / 1e9))::BIGINT AS second, state, sum(change) AS change
  FROM changes, night GROUP BY ALL
), kinds AS (
  SELECT unnest(['arriving', 'queueing', 'joining', 'in', 'overflow', 'ejected', 'given-up', 'left']) AS state
)
SELECT seconds.second, kinds.state,
  (sum(coalesce(change, 0)) OVER (PARTITION BY kinds.state ORDER BY seconds.second))::BIGINT AS people
FROM seconds CROSS JOIN kinds LEFT JOIN by_second ON by_second.second = seconds.second AND by_second.state = kinds.state
ORDER BY kinds.state, seconds.second;
