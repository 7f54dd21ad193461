-- Cost of the server
--
-- Unit: CPU seconds, shares of one core, bytes, messages, ms. Null without rows of the server's side.
-- Population: the server's process and its media worker, seen from outside (/proc) once a second.
-- `cpuShareMax` is their largest CPU time together in one second: 1 is a whole core. `stallMsMax` is the longest time
-- in which the server's event loop did not turn, by its own ticks or by a ping from outside, whichever is longer: a
-- loop that stands still cannot time itself. `presenceDeliveries` counts presence frames sent. `yardstickMs` is the CPU time that one
-- and the same piece of work took on the server's core meanwhile, on the mean: its speed. Null: it was not measured.
WITH here AS (
  SELECT machine.*, (t_ns - start_ns) // 1000000000 AS second FROM machine, night
  WHERE t_ns >= start_ns AND t_ns <= planned_end_ns
), cpu AS (
  SELECT second, cause, value FROM here WHERE type = 'cpu' AND cause IN ('server', 'worker')
)
SELECT
  (SELECT sum(value) / 1000 FROM cpu) AS "cpuSeconds",
  (SELECT sum(value) / 1000 FROM cpu WHERE cause = 'server') AS "cpuSecondsServer",
  (SELECT sum(value) / 1000 FROM cpu WHERE cause = 'worker') AS "cpuSecondsWorker",
  (SELECT max(used) FROM (SELECT sum(value) / 1000 AS used FROM cpu GROUP BY second)) AS "cpuShareMax",
  (SELECT max(value) FROM here WHERE (side = 'server' AND type = 'stall') OR type = 'probe') AS "stallMsMax",
  (SELECT max(bytes) FROM (SELECT sum(value) AS bytes FROM (
    SELECT second, cause, max(value) AS value FROM here WHERE type = 'rss' AND cause IN ('server', 'worker') GROUP BY ALL
  ) GROUP BY second)) AS "rssBytesMax",
  (SELECT sum(value) FROM here WHERE side = 'server' AND type = 'bytes-in') AS "bytesIn",
  (SELECT sum(value) FROM here WHERE side = 'server' AND type = 'bytes-out') AS "bytesOut",
  (SELECT sum(value) FROM here WHERE side = 'server' AND type = 'messages-in') AS "messagesIn",
  (SELECT sum(value) FROM here WHERE side = 'server' AND type = 'messages-out') AS "messagesOut",
  (SELECT sum(value) FROM here WHERE side = 'server' AND type = 'deliveries') AS "presenceDeliveries",
  (SELECT max(value) FROM here WHERE side = 'server' AND type = 'deliveries') AS "presenceDeliveriesPerSecondMax",
  (SELECT max(value) FROM machine WHERE type = 'yardstick') AS "yardstickMs",
  (SELECT avg(value) FROM here, night WHERE type = 'foreign-cpu' AND cause = 'core-1'
    AND here.t_ns >= surge_start_ns AND here.t_ns <= surge_end_ns) AS "foreignCpuShare";
