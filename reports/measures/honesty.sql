-- honesty: what the verdict's void rules look at.
-- unit: ms, seconds, share of a core (0..1), events.
-- population: slip: everybody who set out; busy seconds and foreign CPU: from the surge's start to its planned end.
-- pitfalls: the swarm's core is core 0 where processes are pinned. Foreign CPU is its mean over the surge, so
--   that a daemon that wakes for a tenth of a second does not void a night; a foreign process that ended between
--   two looks is not seen.
WITH surge AS (
  SELECT log.* FROM log, clock WHERE ms BETWEEN surge_start_ms AND surge_end_ms
)
SELECT
  (SELECT quantile_cont(value, 0.99) FROM listener WHERE type = 'arrive') AS "slipP99Ms",
  (SELECT max(value) FROM listener WHERE type = 'arrive') AS "slipMaxMs",
  (SELECT count(*) FROM surge WHERE type = 'core-busy' AND cause = 'core-0' AND value > 0.9) AS "swarmCoreBusySeconds",
  (SELECT max(share) FROM (SELECT cause, avg(value) AS share FROM surge WHERE type = 'foreign-cpu' GROUP BY cause)) AS "foreignCpuShare",
  (SELECT count(*) FROM log WHERE type = 'core-busy') > 0 AS watched,
  (SELECT count(*) FROM log WHERE type = 'night-start') > 0 AS started,
  (SELECT count(*) FROM log WHERE type = 'night-end') > 0 AS ended,
  (SELECT arg_max(cause, ms) FROM log WHERE type = 'interrupted') AS interrupted,
  (SELECT max(ms) FROM log) AS "lastMs",
  (SELECT max(value) FROM log WHERE type = 'probe') AS "probeMsMax",
  (SELECT count(*) FROM log WHERE type = 'probe' AND cause = 'unanswered') AS "probesUnanswered",
  (SELECT sum(value) FROM log WHERE type = 'deliveries') AS deliveries;
