-- incumbents: what those who were in before the surge suffered.
-- unit: people, share of packets lost (0..1), ms.
-- population: people seated before the surge; losses and gaps over those of them whose packets are counted.
-- pitfalls: a gap is the longest silence between two packets while somebody had a seat; whoever is thrown out is
--   counted among the ejections, not here.
WITH inside AS (
  SELECT person_id FROM people, clock WHERE incumbent AND first_in_ms < surge_start_ms
), seconds AS (
  SELECT l.person_id, l.value AS packets, l.lost, l.longest_gap_ms,
    l.ms BETWEEN baseline_start_ms AND surge_start_ms AS before,
    l.ms BETWEEN surge_start_ms AND surge_end_ms AS during
  FROM listener l JOIN inside USING (person_id), clock WHERE l.type = 'media'
)
SELECT
  (SELECT count(*) FROM inside) AS count,
  (SELECT count(DISTINCT person_id) FROM seconds) AS counted,
  (SELECT sum(lost) / nullif(sum(packets + lost), 0) FROM seconds WHERE before) AS "lossShareBefore",
  (SELECT sum(lost) / nullif(sum(packets + lost), 0) FROM seconds WHERE during) AS "lossShareSurge",
  (SELECT max(longest_gap_ms) FROM seconds WHERE before) AS "longestGapBeforeMs",
  (SELECT max(longest_gap_ms) FROM seconds WHERE during) AS "longestGapMs";
