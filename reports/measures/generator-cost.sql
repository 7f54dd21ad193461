-- Cost and honesty of the generator
--
-- Unit: ms, shares of one core, CPU seconds, bytes, messages, counts.
-- Population: the processes of the swarm, by their own rows and seen from outside (/proc).
-- `slipMs`: from the planned to the actual instant of each arrival; nearest-rank quantiles over all of them.
-- `coreBusySeconds`: seconds of the surge in which the swarm's core (core-0) was over 90 % busy with anything.
-- `foreignCpuShare`: CPU by processes that are neither ours nor the server's, as the mean over the surge, on the swarm's
-- core; the server's section has that of its core. A mean, because one busy second of somebody's cron job does not
-- spoil a night and one that lasts does.
-- `napMsMax`: the longest nap of the signal swarm, which bounds how late a signal was noticed.
-- `stallMsMax`: the longest gap between two turns of the event loop, naps not counted.
WITH here AS (
  SELECT machine.*, (t_ns - start_ns) // 1000000000 AS second,
    t_ns >= surge_start_ns AND t_ns <= surge_end_ns AS surging
  FROM machine, night WHERE t_ns >= start_ns AND t_ns <= planned_end_ns
), cpu AS (
  SELECT second, value FROM here WHERE type = 'cpu' AND cause LIKE 'swarm%'
)
SELECT
  (SELECT sum(value) / 1000 FROM cpu) AS "cpuSeconds",
  (SELECT max(used) FROM (SELECT sum(value) / 1000 AS used FROM cpu GROUP BY second)) AS "cpuShareMax",
  (SELECT max(value) FROM here WHERE side = 'listener' AND type = 'stall') AS "stallMsMax",
  (SELECT max(bytes) FROM (SELECT sum(value) AS bytes FROM (
    SELECT second, cause, max(value) AS value FROM here WHERE type = 'rss' AND cause LIKE 'swarm%' GROUP BY ALL
  ) GROUP BY second)) AS "rssBytesMax",
  (SELECT sum(value) FROM here WHERE side = 'listener' AND type = 'bytes-in') AS "bytesIn",
  (SELECT sum(value) FROM here WHERE side = 'listener' AND type = 'bytes-out') AS "bytesOut",
  (SELECT sum(value) FROM here WHERE side = 'listener' AND type = 'messages-in') AS "messagesIn",
  (SELECT sum(value) FROM here WHERE side = 'listener' AND type = 'messages-out') AS "messagesOut",
  (SELECT nearest_rank(list(value), 0.5) FROM happened WHERE type = 'arrive') AS "slipP50",
  (SELECT nearest_rank(list(value), 0.99) FROM happened WHERE type = 'arrive') AS "slipP99",
  (SELECT max(value) FROM happened WHERE type = 'arrive') AS "slipMax",
  (SELECT count(value) FROM happened WHERE type = 'arrive') AS "slipSamples",
  (SELECT max(value) FROM here WHERE type = 'nap-max') AS "napMsMax",
  (SELECT count(*) FROM here WHERE type = 'core-busy') AS "coreSamples",
  (SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (value > 0.9) END FROM here
    WHERE type = 'core-busy' AND cause = 'core-0' AND surging) AS "coreBusySeconds",
  (SELECT avg(value) FROM here WHERE type = 'foreign-cpu' AND cause = 'core-0' AND surging) AS "foreignCpuShare";
