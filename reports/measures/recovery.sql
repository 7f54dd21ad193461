-- Recovery
--
-- Unit: ms, in steps of a second.
-- `ms` is from the surge's end (95 % of its planned arrivals were due) until the last bad second is over. A second is bad
-- when in it somebody lost a seat; or when at its end more than 1 % of those who had arrived were outside and knew nothing
-- (trying without an answer, or thrown out and not back); or when those who were inside when the surge began, and whose
-- packets are counted, together lost a larger share of the packets of that second than `incumbents.lossShareSurge` may be in
-- this night (1 % where it says nothing), or one of them heard nothing for longer than `incumbents.longestGapMs` may be
-- (500 ms). 0: there was no bad second. Whoever has a position in the queue or was told "full" and gave up is not outside
-- in this sense.
-- Judged by the second are so: ejections, being answered, loss and gaps of incumbents. Not so: stranded (known at the
-- end only), join latency and return times (they belong to a join that takes many seconds), relay lag and promotion gaps
-- (too few samples a second), lateness (it never falls below its worst), seats filled, and the checks of the server's books.
-- `metastable`: the last second of the talk was still bad. What started it was over and it went on; then `ms` is null.
-- Both are null for a run that ended before the talk did.
WITH seconds AS (
  SELECT unnest(generate_series(1, ((tail_end_ns - surge_end_ns) // 1000000000)::BIGINT)) AS second FROM night
), changes AS (
  SELECT t_ns, (state IN ('arriving', 'ejected'))::INT - coalesce((before IN ('arriving', 'ejected'))::INT, 0) AS outside,
    (before IS NULL)::INT AS arrived
  FROM states
), by_second AS (
  -- Second n ends n seconds after the surge's end, that instant included; 0 is everything before.
  SELECT greatest(0, ceil((t_ns - surge_end_ns) / 1e9))::BIGINT AS second, sum(outside) AS outside, sum(arrived) AS arrived
  FROM changes, night GROUP BY ALL
), crowd AS (
  SELECT second, sum(outside) OVER (ORDER BY second) AS outside, sum(arrived) OVER (ORDER BY second) AS arrived
  FROM (SELECT second, outside, arrived FROM by_second UNION ALL SELECT second, 0, 0 FROM seconds)
), losses AS (
  SELECT ceil((t_ns - surge_end_ns) / 1e9)::BIGINT AS second FROM ejected, night WHERE t_ns > surge_end_ns
), media AS (
  SELECT ceil((t_ns - surge_end_ns) / 1e9)::BIGINT AS second,
    sum(lost) / nullif(sum(value + lost), 0) AS loss_share, max(longest_gap_ms) AS gap_ms
  FROM events JOIN insiders USING (person_id), night
  WHERE side = 'listener' AND type = 'media' AND t_ns > surge_end_ns
  GROUP BY second
), bad AS (
  SELECT max(second) AS last_bad FROM (
    SELECT second FROM crowd WHERE outside > 0.01 * arrived
    UNION ALL SELECT second FROM losses
    UNION ALL SELECT second FROM media, night WHERE loss_share > loss_share_limit OR gap_ms > gap_ms_limit
  ) SEMI JOIN seconds USING (second)
)
SELECT
  CASE WHEN end_ns < tail_end_ns OR last_second IS NULL THEN NULL WHEN last_bad = last_second THEN NULL
    ELSE coalesce(last_bad, 0) * 1000 END AS "ms",
  CASE WHEN end_ns >= tail_end_ns AND last_second IS NOT NULL THEN coalesce(last_bad = last_second, false) END AS "metastable"
FROM bad, night, (SELECT max(second) AS last_second FROM seconds);
