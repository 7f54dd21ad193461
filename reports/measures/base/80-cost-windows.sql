-- Windows of a night in which costs are read
--
-- Unit: CPU ms, bytes, seconds, people. A night is cut at the watcher's own looks at /proc into three windows: `quiet`
-- (`quiet_ms` before the surge, until it begins), `joining` (from then on) and `steady` (the last `steady_ms` of the talk).
-- `cost_spans`: one row a window with its length, the time that people were in, summed over them, and how often
-- somebody got in. `cost_processes`: one row a process and window with its CPU, and its largest memory until the window's end.
-- `cost_stays`: one row a stay of somebody who was in.
-- The watcher's looks are a few ms apart in their rows: those of the server stand for all of one look. The first one
-- has memory only, as CPU is counted from it on. A row's second ends at its look; half of one keeps a few ms of
-- lateness from moving a row over a bound.
CREATE OR REPLACE MACRO cost_bounds(quiet_ms, steady_ms) AS TABLE
WITH looks AS (
  SELECT DISTINCT t_ns FROM events WHERE type = 'rss' AND cause = 'server'
), bounds AS (
  SELECT
    min(looks.t_ns) FILTER (looks.t_ns >= surge_start_ns - (quiet_ms * 1e6)::BIGINT) AS first_ns,
    max(looks.t_ns) FILTER (looks.t_ns <= surge_start_ns) AS surge_ns,
    max(looks.t_ns) FILTER (looks.t_ns <= tail_end_ns - (steady_ms * 1e6)::BIGINT) AS steady_ns,
    max(looks.t_ns) FILTER (looks.t_ns <= tail_end_ns) AS last_ns
  FROM looks, night
)
SELECT unnest([
  {name: 'quiet', from_ns: first_ns, to_ns: surge_ns},
  {name: 'joining', from_ns: surge_ns, to_ns: steady_ns},
  {name: 'steady', from_ns: steady_ns, to_ns: last_ns}
], recursive := true) FROM bounds;

CREATE OR REPLACE MACRO cost_stays() AS TABLE
WITH story AS (
  SELECT person_id, type, t_ns AS in_ns,
    coalesce(lead(t_ns) OVER (PARTITION BY person_id ORDER BY t_ns, rowid), 9223372036854775807) AS out_ns
  FROM events WHERE side = 'listener' AND person_id IS NOT NULL AND type IN ('in', 'ejected', 'left')
)
SELECT person_id, in_ns, out_ns FROM story WHERE type = 'in';

CREATE OR REPLACE MACRO cost_spans(quiet_ms, steady_ms) AS TABLE
WITH stays AS (
  FROM cost_stays()
)
SELECT name, (to_ns - from_ns) / 1e9 AS seconds,
  (SELECT coalesce(sum(greatest(0, least(out_ns, to_ns) - greatest(in_ns, from_ns))), 0) / 1e9 FROM stays) AS listener_seconds,
  (SELECT count(*) FROM stays WHERE in_ns > from_ns AND in_ns <= to_ns) AS joins
FROM cost_bounds(quiet_ms, steady_ms);

CREATE OR REPLACE MACRO cost_processes(quiet_ms, steady_ms) AS TABLE
SELECT process.cause AS process, span.name AS name,
  coalesce(sum(value) FILTER (type = 'cpu' AND t_ns > from_ns + 500000000), 0) AS cpu_ms,
  max(value) FILTER (type = 'rss') AS bytes
FROM cost_bounds(quiet_ms, steady_ms) AS span
CROSS JOIN (SELECT DISTINCT cause FROM events WHERE type = 'rss') AS process
LEFT JOIN (SELECT cause, type, value, t_ns FROM events WHERE type IN ('cpu', 'rss')) AS look
  ON look.cause = process.cause AND look.t_ns <= to_ns + 500000000
GROUP BY ALL
ORDER BY process, name;
