-- ejections: involuntary losses of a seat by people who had received one, and whether they came back.
-- unit: losses (involuntary), people (people, stranded), ms (returnMs: the median from loss to being in again).
-- population: losses before the talk ended; a loss that both sides saw counts once, with the listener's cause.
-- pitfalls: leaving, with or without a word, is no ejection. stranded are people whose last loss was followed by
--   a try and by no return; whoever does not try again is not stranded, which flatters a night in which few try.
WITH counted AS (SELECT ejections.* FROM ejections, clock WHERE ms <= tail_end_ms),
last_loss AS (
  SELECT person_id, max(ms) AS ms, arg_max(back_ms, ms) AS back_ms FROM counted GROUP BY person_id
), tries AS (
  SELECT l.person_id, count(*) FILTER (type = 'dial') AS dials,
    count(*) FILTER (type = 'dial' OR (type = 'at-end' AND cause <> 'in')) AS tried
  FROM last_loss JOIN listener l ON l.person_id = last_loss.person_id AND l.ms > last_loss.ms GROUP BY l.person_id
)
SELECT
  (SELECT count(*) FROM counted) AS involuntary,
  (SELECT count(DISTINCT person_id) FROM counted) AS people,
  (SELECT count(back_ms) FROM counted) AS returned,
  (SELECT count(*) FROM last_loss JOIN tries USING (person_id) WHERE back_ms IS NULL AND tried > 0) AS stranded,
  (SELECT median(back_ms - ms) FROM counted) AS "returnMs",
  (SELECT count(*) FROM listener l
     JOIN (SELECT person_id, min(ms) AS ms FROM counted GROUP BY person_id) first ON first.person_id = l.person_id
    WHERE l.type = 'dial' AND l.ms > first.ms) AS "rejoinAttempts";
