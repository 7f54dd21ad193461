-- Incumbents
--
-- Unit: people; shares of packets; ms.
-- Population: listeners who are in when the surge begins. `withMedia` are those of them with real media, `counted` those
-- whose packets are counted; `plannedWithMedia` were to be there with media.
-- Loss is packets missing from the RTP sequence over packets sent, in the baseline window and in the surge (from its
-- start until 95 % of its planned arrivals were due). `longestGapMs` is the longest silence between two packets of
-- one of them in the surge.
-- `lateMs`: how much later than at first the host is heard, at most, by one of them: speech that got old in the server's
-- queues. A stream that is only delayed shows neither loss nor gaps.
-- `harmedShare`: of the counted ones with packets in the surge, those who lost more than 1 % of them. `worstGapP99Ms`: the
-- p99 of a listener's longest silence in each second of the surge, for the listener whom it hit worst. A mean over all
-- hides the few who hear nothing, so the rest is of each listener first, then over listeners (p50, p99, worst; nearest
-- rank): `listenerLossShare…` their loss, `listenerGap…Ms` their longest silence, `jitter…Ms` the median over seconds of
-- their interarrival jitter (RFC 3550: the estimate as it stood at the second's end). `jitterAddedMs`: a listener's
-- jitter in the surge less the same listener's in the baseline; below zero for who heard more evenly in the surge.
-- Pitfall: jitter is by arrivals as the generator saw them. Its own unevenness is in both windows, and `jitterAddedMs`
-- is without it as long as the generator is as busy in both; the sink of the rtp listeners looks once a millisecond.
-- Pitfall: whoever is thrown out stops being counted in that second. Loss says how well those inside heard; the
-- ejections say how many were still inside.
CREATE OR REPLACE MACRO spread(samples) AS
  {'p50': nearest_rank(samples, 0.5), 'p99': nearest_rank(samples, 0.99), 'worst': list_max(samples)};

WITH media AS (
  SELECT events.person_id, t_ns, value, lost, longest_gap_ms, late_ms, jitter_ms
  FROM events JOIN insiders USING (person_id)
  WHERE side = 'listener' AND type = 'media'
), baseline AS (
  SELECT * FROM media, night WHERE t_ns >= baseline_start_ns AND t_ns < surge_start_ns
), surge AS (
  SELECT * FROM media, night WHERE t_ns >= surge_start_ns AND t_ns <= surge_end_ns
), calm AS (
  SELECT person_id, sum(lost) / nullif(sum(value + lost), 0) AS loss_share, max(longest_gap_ms) AS longest_gap_ms,
    nearest_rank(list(jitter_ms) FILTER (jitter_ms IS NOT NULL), 0.5) AS jitter_ms
  FROM baseline GROUP BY person_id
), listeners AS (
  SELECT person_id, sum(lost) / nullif(sum(value + lost), 0) AS loss_share, max(longest_gap_ms) AS longest_gap_ms,
    nearest_rank(list(longest_gap_ms) FILTER (longest_gap_ms IS NOT NULL), 0.99) AS gap_ms,
    nearest_rank(list(jitter_ms) FILTER (jitter_ms IS NOT NULL), 0.5) AS jitter_ms
  FROM surge GROUP BY person_id
), added AS (
  SELECT listeners.jitter_ms - calm.jitter_ms AS jitter_ms FROM listeners JOIN calm USING (person_id)
)
SELECT
  (SELECT count(*) FROM people WHERE planned AND cohort = 'incumbent' AND body NOT IN ('signal', 'k6')) AS "plannedWithMedia",
  (SELECT count(*) FROM insiders) AS "count",
  (SELECT count(*) FROM insiders JOIN people USING (person_id) WHERE body NOT IN ('signal', 'k6')) AS "withMedia",
  (SELECT count(DISTINCT person_id) FROM media) AS "counted",
  (SELECT sum(lost) / nullif(sum(value + lost), 0) FROM baseline) AS "lossShareBefore",
  (SELECT sum(lost) / nullif(sum(value + lost), 0) FROM surge) AS "lossShareSurge",
  (SELECT max(longest_gap_ms) FROM baseline) AS "longestGapBeforeMs",
  (SELECT max(longest_gap_ms) FROM surge) AS "longestGapMs",
  (SELECT max(late_ms) FROM baseline) AS "lateBeforeMs",
  (SELECT max(late_ms) FROM surge) AS "lateMs",
  (SELECT count(*) FILTER (loss_share > 0.01) / nullif(count(loss_share), 0) FROM listeners) AS "harmedShare",
  (SELECT max(gap_ms) FROM listeners) AS "worstGapP99Ms",
  (SELECT spread(list(loss_share) FILTER (loss_share IS NOT NULL)) FROM calm) AS "listenerLossShareBefore",
  (SELECT spread(list(loss_share) FILTER (loss_share IS NOT NULL)) FROM listeners) AS "listenerLossShareSurge",
  (SELECT spread(list(longest_gap_ms) FILTER (longest_gap_ms IS NOT NULL)) FROM calm) AS "listenerGapBeforeMs",
  (SELECT spread(list(longest_gap_ms) FILTER (longest_gap_ms IS NOT NULL)) FROM listeners) AS "listenerGapSurgeMs",
  (SELECT spread(list(jitter_ms) FILTER (jitter_ms IS NOT NULL)) FROM calm) AS "jitterBeforeMs",
  (SELECT spread(list(jitter_ms) FILTER (jitter_ms IS NOT NULL)) FROM listeners) AS "jitterSurgeMs",
  (SELECT spread(list(jitter_ms) FILTER (jitter_ms IS NOT NULL)) FROM added) AS "jitterAddedMs";
