-- Recovery
--
-- Unit: ms, in steps of a second.
-- `ms` is from the surge's end (95 % of its planned arrivals were due) until the last bad second is over: one in which
-- somebody lost a seat, or at whose end more than 1 % of those who had arrived were outside and knew nothing (trying
-- without an answer, or thrown out and not back). 0: there was none. Whoever has a position in the queue or was told
-- "full" and gave up is not outside in this sense.
-- `metastable`: the last second of the talk was still bad. What started it was over and it went on; then `ms` is null.
-- Both are null for a run that ended before the talk did.
WITH seconds AS (
  SELECT unnest(generate_series(1, ((tail_end_ns - surge_end_ns) // 1000000000)::BIGINT)) AS second FROM night
), bounds AS (
  SELECT second, surge_end_ns + (second - 1) * 1000000000 AS from_ns, surge_end_ns + second * 1000000000 AS until_ns
  FROM seconds, night
), changes AS (
  SELECT t_ns, CASE WHEN state IN ('arriving', 'ejected') THEN 1 ELSE 0 END
      - CASE WHEN lag(state) OVER story IN ('arriving', 'ejected') THEN 1 ELSE 0 END AS outside,
    CASE WHEN lag(state) OVER story IS NULL THEN 1 ELSE 0 END AS arrived
  FROM states
  WINDOW story AS (PARTITION BY person_id ORDER BY t_ns, nth)
), judged AS (
  SELECT second,
    (SELECT sum(outside) FROM changes WHERE t_ns <= until_ns) AS outside,
    (SELECT sum(arrived) FROM changes WHERE t_ns <= until_ns) AS arrived,
    (SELECT count(*) FROM ejected WHERE t_ns > from_ns AND t_ns <= until_ns) AS losses
  FROM bounds
), bad AS (
  SELECT max(second) AS last_bad FROM judged WHERE losses > 0 OR outside > 0.01 * arrived
)
SELECT
  CASE WHEN end_ns < tail_end_ns OR last_second IS NULL THEN NULL WHEN last_bad = last_second THEN NULL
    ELSE coalesce(last_bad, 0) * 1000 END AS "ms",
  CASE WHEN end_ns >= tail_end_ns AND last_second IS NOT NULL THEN coalesce(last_bad = last_second, false) END AS "metastable"
FROM bad, night, (SELECT max(second) AS last_second FROM seconds);
