-- Unit costs of the server
--
-- Unit: CPU ms a join and a minute of one listener, bytes and messages a join, bytes of memory a listener; by process.
-- Null without rows of the server's side, without /proc, or where the night cannot tell them apart.
-- Three windows (see "Windows of a night"): the baseline, in which incumbents are in and nobody joins; joining, from the surge on;
-- and steady, the last 10 s of the talk (half of the tail where it is shorter). The CPU of each is idling times its length, plus a rate
-- times the seconds of listeners in it, plus, in the second, a cost times its joins: three equations for three unknowns.
-- `joins` counts how often somebody got in while joining, again after an ejection too; what tries in vain cost is in the
-- price of a join. `memoryBytes`: growth of the largest memory from the baseline until the talk's end, over the growth of the number of
-- people inside. `bytes` and `messages` of signalling, both directions, presence among them, are all that the server's
-- rows counted while joining, over the joins.
-- Pitfall: null where not at least a tenth more people are in at the end than in the baseline: then nothing says what a listener
-- costs. Where many still join in the steady window, their joins are taken for the cost of listening.
WITH cuts AS (
  SELECT (surge_start_ns - baseline_start_ns) / 1e6 AS quiet_ms,
    least(10000, (tail_end_ns - surge_end_ns) / 2e6) AS steady_ms
  FROM night
), spans AS (
  SELECT * FROM cost_spans((SELECT quiet_ms FROM cuts), (SELECT steady_ms FROM cuts))
), used AS (
  SELECT process,
    any_value(cpu_ms) FILTER (name = 'quiet') AS quiet, any_value(cpu_ms) FILTER (name = 'joining') AS joining,
    any_value(cpu_ms) FILTER (name = 'steady') AS steady,
    any_value(bytes) FILTER (name = 'quiet') AS bytes_before, any_value(bytes) FILTER (name = 'steady') AS bytes_after
  FROM cost_processes((SELECT quiet_ms FROM cuts), (SELECT steady_ms FROM cuts))
  WHERE process IN ('server', 'worker') GROUP BY process
), lengths AS (
  SELECT any_value(seconds) FILTER (name = 'quiet') AS quiet_s, any_value(listener_seconds) FILTER (name = 'quiet') AS quiet_ls,
    any_value(seconds) FILTER (name = 'joining') AS joining_s, any_value(listener_seconds) FILTER (name = 'joining') AS joining_ls,
    any_value(seconds) FILTER (name = 'steady') AS steady_s, any_value(listener_seconds) FILTER (name = 'steady') AS steady_ls,
    any_value(joins) FILTER (name = 'joining') AS joins
  FROM spans
), grown AS (
  -- People in, on the mean of each window.
  SELECT *, CASE WHEN steady_ls / steady_s > 1.1 * quiet_ls / quiet_s THEN steady_ls / steady_s - quiet_ls / quiet_s END AS more
  FROM lengths
), rates AS (
  SELECT process, (steady / steady_s - quiet / quiet_s) / more AS listening_ms FROM used, grown
), costs AS (
  SELECT process, listening_ms,
    (joining - joining_s * (quiet - listening_ms * quiet_ls) / quiet_s - listening_ms * joining_ls) / nullif(joins, 0) AS join_ms,
    (bytes_after - bytes_before) / more AS memory_bytes
  FROM used JOIN rates USING (process), grown
), carried AS (
  SELECT sum(value) FILTER (type IN ('bytes-in', 'bytes-out')) AS bytes,
    sum(value) FILTER (type IN ('messages-in', 'messages-out')) AS messages
  FROM machine, cost_bounds((SELECT quiet_ms FROM cuts), (SELECT steady_ms FROM cuts)) AS span
  WHERE side = 'server' AND span.name = 'joining' AND t_ns > from_ns AND t_ns <= to_ns
)
SELECT joins AS "joins",
  (SELECT join_ms FROM costs WHERE process = 'server') AS "joinMsServer",
  (SELECT join_ms FROM costs WHERE process = 'worker') AS "joinMsWorker",
  (SELECT listening_ms * 60 FROM costs WHERE process = 'server') AS "listenerMinuteMsServer",
  (SELECT listening_ms * 60 FROM costs WHERE process = 'worker') AS "listenerMinuteMsWorker",
  (SELECT memory_bytes FROM costs WHERE process = 'server') AS "memoryBytesServer",
  (SELECT memory_bytes FROM costs WHERE process = 'worker') AS "memoryBytesWorker",
  (SELECT bytes FROM carried) / nullif(joins, 0) AS "bytes",
  (SELECT messages FROM carried) / nullif(joins, 0) AS "messages"
FROM lengths;
