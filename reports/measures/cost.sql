-- cost: what the night took, by process.
-- unit: CPU seconds, share of a core (0..1), ms, bytes, messages.
-- population: from the night's start to its end.
-- pitfalls: CPU is what the kernel counted (10 ms ticks). A stall is the longest gap between two turns of a
--   process's event loop as it saw it itself; probeMsMax is the longest wait for an answer as seen from outside.
WITH night_rows AS (SELECT log.* FROM log, clock WHERE ms BETWEEN 0 AND night_end_ms)
SELECT process, "cpuSeconds", "cpuShareMax", "rssBytesMax", "stallMsMax", "napMsMax", bytes, messages FROM (
  SELECT cause AS process, sum(value) FILTER (type = 'cpu') / 1000 AS "cpuSeconds",
    max(value) FILTER (type = 'cpu') / 1000 AS "cpuShareMax", max(value) FILTER (type = 'rss') AS "rssBytesMax"
  FROM night_rows WHERE type IN ('cpu', 'rss') GROUP BY cause
) FULL JOIN (
  SELECT process, max(value) FILTER (type = 'stall') AS "stallMsMax", max(value) FILTER (type = 'nap-max') AS "napMsMax",
    sum(value) FILTER (type IN ('bytes-in', 'bytes-out')) AS bytes,
    sum(value) FILTER (type IN ('messages-in', 'messages-out')) AS messages
  FROM night_rows WHERE type IN ('stall', 'nap-max', 'bytes-in', 'bytes-out', 'messages-in', 'messages-out') GROUP BY process
) USING (process) ORDER BY process;
