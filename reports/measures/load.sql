-- Load over time
--
-- Unit: at each second of the night: CPU of the server and its worker as a share of one core, together and each alone, of
-- the swarm, presence frames sent, and people in the server's queue. Null where nobody wrote.
WITH seconds AS (
  SELECT unnest(generate_series(0, ceil((end_ns - start_ns) / 1e9)::BIGINT)) AS second FROM night
), here AS (
  SELECT ((t_ns - start_ns) // 1000000000) AS second, side, type, cause, value FROM machine, night
)
SELECT seconds.second,
  sum(value) FILTER (type = 'cpu' AND cause IN ('server', 'worker')) / 1000 AS "serverCpu",
  sum(value) FILTER (type = 'cpu' AND cause = 'server') / 1000 AS "signallingCpu",
  sum(value) FILTER (type = 'cpu' AND cause = 'worker') / 1000 AS "workerCpu",
  sum(value) FILTER (type = 'cpu' AND cause LIKE 'swarm%') / 1000 AS "swarmCpu",
  sum(value) FILTER (side = 'server' AND type = 'deliveries') AS "deliveries",
  max(value) FILTER (side = 'server' AND type = 'queue') AS "queue"
FROM seconds LEFT JOIN here ON here.second = seconds.second
GROUP BY seconds.second
ORDER BY seconds.second;
