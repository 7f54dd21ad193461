-- Ejections
--
-- Unit: `involuntary` counts losses (a person thrown out twice counts twice); `people`, `returned`, `stranded` and
-- `didNotTry` count people; `rejoinAttempts` counts tries.
-- Population: losses of a seat as defined under "Losses of a seat".
-- `involuntaryShare` is people with at least one loss over people who ever got in; null when nobody got in.
-- After the last loss of each: `returned` was in again; `stranded` tried, or was about to when the night ended, and was
-- not in again; `didNotTry` did not try (see "What became of those who lost a seat").
-- `rejoinAttempts`: tries (dialled or asked) after a person's first loss.
-- `stormIndex`: rejoinAttempts over involuntary, the tries that one ejection brings; null when there was none. Over 1,
-- ejections bring more load than they take away, which is how a collapse keeps itself alive.
-- `suffered`: ejections of one listener, nearest-rank p99 and worst, over everybody who was ever in or lost a seat (a
-- seat without sound yet can be lost too), so that one loss each looks other than all losses of the same few.
-- `returnMs`: from the first loss of an absence to being in again, over absences that ended; those that did not are
-- the stranded, and no quantile here makes up for them.
WITH suffered AS (
  SELECT count(ejected.person_id) AS losses
  FROM people LEFT JOIN ejected USING (person_id)
  WHERE first_in_ns IS NOT NULL OR ejected.person_id IS NOT NULL
  GROUP BY people.person_id
)
SELECT
  (SELECT count(*) FROM ejected) AS "involuntary",
  (SELECT count(*) FROM after_losses) AS "people",
  (SELECT count(*) FROM after_losses) / nullif((SELECT count(*) FROM people WHERE first_in_ns IS NOT NULL), 0) AS "involuntaryShare",
  (SELECT count(*) FROM after_losses WHERE returned) AS "returned",
  (SELECT count(*) FROM after_losses WHERE NOT returned AND tried) AS "stranded",
  (SELECT count(*) FROM after_losses WHERE NOT returned AND NOT tried) AS "didNotTry",
  (SELECT coalesce(sum(tries), 0) FROM after_losses)::BIGINT AS "rejoinAttempts",
  (SELECT sum(tries) FROM after_losses) / nullif((SELECT count(*) FROM ejected), 0) AS "stormIndex",
  (SELECT nearest_rank(list(losses), 0.99) FROM suffered) AS "sufferedP99",
  (SELECT max(losses) FROM suffered) AS "sufferedWorst",
  (SELECT nearest_rank(list(ms), 0.5) FROM comebacks) AS "returnP50",
  (SELECT nearest_rank(list(ms), 0.9) FROM comebacks) AS "returnP90",
  (SELECT nearest_rank(list(ms), 0.99) FROM comebacks) AS "returnP99",
  (SELECT count(*) FROM comebacks) AS "returnSamples";
