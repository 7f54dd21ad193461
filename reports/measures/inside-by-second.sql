-- What those inside heard, over time
--
-- Unit: at each second of the night: share of packets lost, the longest silence of one of them in ms, and how many were counted.
-- Population: as under "Incumbents": those who were in when the surge began and whose packets are counted. Null where nobody
-- was counted in that second.
-- Pitfall: whoever is thrown out is counted no longer, so that a calm line may be that of the few who are left.
WITH seconds AS (
  SELECT unnest(generate_series(0, ceil((end_ns - start_ns) / 1e9)::BIGINT)) AS second FROM night
), heard AS (
  SELECT greatest(0, (t_ns - start_ns) // 1000000000)::BIGINT AS second, value, lost, longest_gap_ms
  FROM events JOIN insiders USING (person_id), night
  WHERE side = 'listener' AND type = 'media'
)
SELECT seconds.second,
  sum(lost) / nullif(sum(value + lost), 0) AS "lossShare",
  max(longest_gap_ms) AS "longestGapMs",
  count(value) AS "counted"
FROM seconds LEFT JOIN heard ON heard.second = seconds.second
GROUP BY seconds.second
ORDER BY seconds.second;
