-- People who were stranded
--
-- Unit: one row a person, ten at most: those of each origin in turn, the earliest loss first. Times are ms from the start of
-- the night.
-- Population: stranded as defined under "Ejections". `cause` is why they lost the last seat; `end` and `endCause`
-- are the last row of their own story (gave-up, left or at-end); null when the log does not say.
WITH stranded AS (
  SELECT people.*, first_ns, last_cause, tries,
    row_number() OVER (PARTITION BY origin ORDER BY first_ns, person_id) AS turn
  FROM after_losses JOIN people USING (person_id)
  WHERE tried AND NOT returned
)
SELECT person_id AS "personId", name, origin,
  (first_ns - start_ns) / 1e6 AS "lostAtMs",
  last_cause AS "cause",
  tries,
  CASE WHEN gave_up_ns IS NOT NULL THEN 'gave-up' WHEN left_ns IS NOT NULL THEN 'left' WHEN at_end_ns IS NOT NULL THEN 'at-end' END AS "end",
  CASE WHEN gave_up_ns IS NOT NULL THEN gave_up_cause WHEN left_ns IS NOT NULL THEN left_cause ELSE at_end_cause END AS "endCause",
  (coalesce(gave_up_ns, left_ns, at_end_ns) - start_ns) / 1e6 AS "endAtMs"
FROM (SELECT * FROM stranded ORDER BY turn, first_ns, person_id LIMIT 10), night
ORDER BY first_ns, person_id;
