-- Two views of who was in
--
-- Unit: a violation is a stretch of time in which exactly one side believes that a person has a seat, longer than the
-- tolerance; s. `people` counts those with any, `seconds` sums the stretches, `serverOnly` and `listenerOnly` say who
-- believed. `worst` is the longest.
-- The server believes in a seat from taking it until it ejects, holds or releases it, or hears goodbye; the listener
-- from being told of it until losing it, hanging up, giving up or leaving.
-- Population: everybody with a seat by either side, from the night's start to the end of the talk. Not counted: who left
-- without a word, from then on, because nobody can know before a heartbeat is missed (that is a ghost); and whose page
-- failed (a real browser), as nobody knows since when it had not listened.
-- Nor guests, people with the room page (ids from 2^31 on), of whom only the server writes rows.
-- Tolerance: `toleranceMs`, one round trip (p99 from the ask to the first answer; 250 ms where there was none), the
-- longest nap of the generator, and 100 ms for packets that are looked at late. A stalled server is no excuse: what it
-- does not know it does not know.
WITH answers AS (
  SELECT (min(t_ns) FILTER (type IN ('waiting', 'seated', 'full')) - min(t_ns) FILTER (type = 'asked')) / 1e6 AS ms
  FROM happened WHERE side = 'listener' AND type IN ('asked', 'waiting', 'seated', 'full')
  GROUP BY person_id, attempt
), bounds AS (
  SELECT coalesce((SELECT nearest_rank(list(ms), 0.99) FROM answers WHERE ms IS NOT NULL), 250)
    + coalesce((SELECT max(value) FROM happened WHERE type = 'nap-max'), 0) + 100 AS tolerance_ms
), beliefs AS (
  SELECT person_id, t_ns, nth, 'server' AS view,
    CASE WHEN type IN ('took', 'moved') THEN 1 WHEN type IN ('ejected', 'held', 'released', 'left', 'vanished') THEN 0 END AS believes,
    NULL::INT AS silent
  FROM ledger WHERE type IN ('took', 'moved', 'ejected', 'held', 'released', 'left', 'vanished')
    AND person_id < 2147483648
  UNION ALL
  SELECT person_id, t_ns, happened.rowid AS nth, 'listener' AS view,
    CASE WHEN type IN ('seated', 'in', 'moved') THEN 1 ELSE 0 END AS believes,
    CASE WHEN (type = 'left' AND cause = 'silent') OR (type = 'gave-up' AND value = 1) THEN 1 END AS silent
  FROM happened, night
  WHERE side = 'listener' AND person_id IS NOT NULL
    AND type IN ('seated', 'in', 'moved', 'ejected', 'failed', 'left', 'gave-up', 'dial', 'parallel')
    AND (type NOT IN ('seated', 'in', 'moved') OR room IS NULL OR room = main_room OR starts_with(room, main_room || '-overflow-'))
), views AS (
  SELECT person_id, t_ns, nth,
    coalesce(last_value(CASE WHEN view = 'server' THEN believes END IGNORE NULLS) OVER story, 0) AS by_server,
    coalesce(last_value(CASE WHEN view = 'listener' THEN believes END IGNORE NULLS) OVER story, 0) AS by_listener,
    coalesce(max(silent) OVER story, 0) AS silent
  FROM beliefs
  WHERE person_id NOT IN (
    SELECT person_id FROM happened
    WHERE side = 'listener' AND type = 'gave-up' AND cause = 'page' AND person_id IS NOT NULL
  )
  WINDOW story AS (PARTITION BY person_id ORDER BY t_ns, nth ROWS UNBOUNDED PRECEDING)
), changed AS (
  SELECT *, CASE WHEN silent = 1 OR by_server = by_listener THEN 0 WHEN by_server = 1 THEN 1 ELSE 2 END AS disagreement
  FROM views
), marked AS (
  SELECT *, disagreement IS DISTINCT FROM lag(disagreement) OVER (PARTITION BY person_id ORDER BY t_ns, nth) AS is_new FROM changed
), stretches AS (
  SELECT person_id, disagreement,
    greatest(t_ns, start_ns) AS from_ns,
    least(coalesce(lead(t_ns) OVER (PARTITION BY person_id ORDER BY t_ns, nth), end_ns), end_ns, tail_end_ns) AS until_ns
  FROM marked, night WHERE is_new
), disagreements AS (
  SELECT person_id, disagreement, (until_ns - from_ns) / 1e9 AS seconds
  FROM stretches, bounds
  WHERE disagreement > 0 AND until_ns - from_ns > tolerance_ms * 1e6
)
SELECT count(*) AS violations, coalesce(max(seconds), 0) AS worst,
  count(DISTINCT person_id) AS people, coalesce(sum(seconds), 0) AS seconds,
  count(*) FILTER (disagreement = 1) AS "serverOnly", count(*) FILTER (disagreement = 2) AS "listenerOnly",
  (SELECT tolerance_ms FROM bounds) AS "toleranceMs",
  (SELECT count(*) > 0 FROM ledger WHERE type = 'took') AS seated
FROM disagreements;
