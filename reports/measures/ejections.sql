-- Ejections
--
-- Unit: `involuntary` counts losses (a person thrown out twice counts twice); `people`, `returned`, `stranded` and
-- `didNotTry` count people; `rejoinAttempts` counts tries.
-- Population: losses of a seat as defined under "Losses of a seat".
-- `involuntaryShare` is people with at least one loss over people who ever got in; null when nobody got in.
-- After the last loss of each: `returned` was in again; `stranded` tried, or was about to when the night ended, and was
-- not in again; `didNotTry` did not try (see "What became of those who lost a seat").
-- `rejoinAttempts`: tries (dialled or asked) after a person's first loss.
-- `returnMs`: from the first loss of an absence to being in again, over absences that ended; those that did not are
-- the stranded, and no quantile here makes up for them.
WITH comebacks AS (
  SELECT ejected.person_id, back.t_ns AS back_ns, (back.t_ns - min(ejected.t_ns)) / 1e6 AS ms
  FROM ejected
  ASOF JOIN (SELECT person_id, t_ns FROM events WHERE side = 'listener' AND type = 'in') AS back
    ON ejected.person_id = back.person_id AND ejected.t_ns < back.t_ns
  GROUP BY ejected.person_id, back.t_ns
)
SELECT
  (SELECT count(*) FROM ejected) AS "involuntary",
  (SELECT count(*) FROM after_losses) AS "people",
  (SELECT count(*) FROM after_losses) / nullif((SELECT count(*) FROM people WHERE first_in_ns IS NOT NULL), 0) AS "involuntaryShare",
  (SELECT count(*) FROM after_losses WHERE returned) AS "returned",
  (SELECT count(*) FROM after_losses WHERE NOT returned AND tried) AS "stranded",
  (SELECT count(*) FROM after_losses WHERE NOT returned AND NOT tried) AS "didNotTry",
  (SELECT coalesce(sum(tries), 0) FROM after_losses)::BIGINT AS "rejoinAttempts",
  (SELECT nearest_rank(list(ms), 0.5) FROM comebacks) AS "returnP50",
  (SELECT nearest_rank(list(ms), 0.9) FROM comebacks) AS "returnP90",
  (SELECT nearest_rank(list(ms), 0.99) FROM comebacks) AS "returnP99",
  (SELECT count(*) FROM comebacks) AS "returnSamples";
