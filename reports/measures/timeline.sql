-- timeline: how many people were in each state, second by second.
-- unit: people; s from the night's start.
-- population: everybody whose set-out was seen.
-- pitfalls: the state at the beginning of each second, as the listener saw it. ejected: had a seat, and is out.
WITH deltas AS (
  SELECT ceil(from_ms / 1000)::BIGINT AS s, state, 1 AS people FROM stretches
  UNION ALL SELECT ceil(to_ms / 1000)::BIGINT, state, -1 FROM stretches WHERE to_ms < (SELECT night_end_ms FROM clock)
), grid AS (
  SELECT s, state FROM range(0, (SELECT (night_end_ms / 1000)::BIGINT + 1 FROM clock)) AS seconds(s),
    (VALUES ('joining'), ('waiting'), ('in'), ('overflow'), ('ejected'), ('gave-up'), ('left')) AS states(state)
)
SELECT grid.s, grid.state, coalesce(sum(changes.people) OVER (PARTITION BY grid.state ORDER BY grid.s), 0)::BIGINT AS people
FROM grid LEFT JOIN (SELECT s, state, sum(people) AS people FROM deltas GROUP BY ALL) changes USING (s, state)
ORDER BY grid.s, grid.state;
