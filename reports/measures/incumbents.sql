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
-- hides the few who hear nothing.
-- Pitfall: whoever is thrown out stops being counted in that second. Loss says how well those inside heard; the
-- ejections say how many were still inside.
WITH incumbents AS (
  SELECT person_id FROM (
    SELECT person_id, arg_max(state, (t_ns, nth)) AS state
    FROM states, night WHERE t_ns < surge_start_ns GROUP BY person_id
  ) WHERE state IN ('in', 'overflow')
), media AS (
  SELECT events.person_id, t_ns, value, lost, longest_gap_ms, late_ms
  FROM events JOIN incumbents USING (person_id)
  WHERE side = 'listener' AND type = 'media'
), baseline AS (
  SELECT * FROM media, night WHERE t_ns >= baseline_start_ns AND t_ns < surge_start_ns
), surge AS (
  SELECT * FROM media, night WHERE t_ns >= surge_start_ns AND t_ns <= surge_end_ns
), listeners AS (
  SELECT person_id, sum(lost) / nullif(sum(value + lost), 0) AS loss_share,
    nearest_rank(list(longest_gap_ms) FILTER (longest_gap_ms IS NOT NULL), 0.99) AS gap_ms
  FROM surge GROUP BY person_id
)
SELECT
  (SELECT count(*) FROM people WHERE planned AND cohort = 'incumbent' AND body NOT IN ('signal', 'k6')) AS "plannedWithMedia",
  (SELECT count(*) FROM incumbents) AS "count",
  (SELECT count(*) FROM incumbents JOIN people USING (person_id) WHERE body NOT IN ('signal', 'k6')) AS "withMedia",
  (SELECT count(DISTINCT person_id) FROM media) AS "counted",
  (SELECT sum(lost) / nullif(sum(value + lost), 0) FROM baseline) AS "lossShareBefore",
  (SELECT sum(lost) / nullif(sum(value + lost), 0) FROM surge) AS "lossShareSurge",
  (SELECT max(longest_gap_ms) FROM baseline) AS "longestGapBeforeMs",
  (SELECT max(longest_gap_ms) FROM surge) AS "longestGapMs",
  (SELECT max(late_ms) FROM baseline) AS "lateBeforeMs",
  (SELECT max(late_ms) FROM surge) AS "lateMs",
  (SELECT count(*) FILTER (loss_share > 0.01) / nullif(count(loss_share), 0) FROM listeners) AS "harmedShare",
  (SELECT max(gap_ms) FROM listeners) AS "worstGapP99Ms";
