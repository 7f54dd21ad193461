-- Losses of a seat
--
-- Unit: one row for each (person, attempt) that lost a seat without wanting to.
-- Population: attempts whose listener had received `seated`. Both sides write what they saw; a loss is counted once,
-- by the listener's row where there is one (what the person felt), else by the server's.
-- Not counted: whoever left (with a goodbye or silently) before the server noticed; a seat whose answer reached
-- nobody (that is a ghost, and its listener had nothing to lose); what the server says of a seat whose listener's page had
-- failed (that listener gave up with the cause `page`); and losses after the end of the talk, when everybody
-- leaves and nobody can be back in time.
CREATE TABLE ejected AS
WITH told AS (
  SELECT person_id, coalesce(attempt, -1) AS attempt, min(t_ns) AS seated_ns
  FROM happened WHERE side = 'listener' AND type = 'seated' AND person_id IS NOT NULL
  GROUP BY ALL
), felt AS (
  SELECT person_id, coalesce(attempt, -1) AS attempt, min(t_ns) AS t_ns, arg_min(cause, t_ns) AS cause
  FROM happened, night
  WHERE side = 'listener' AND type = 'ejected' AND person_id IS NOT NULL AND t_ns <= night.tail_end_ns
  GROUP BY ALL
), ordered AS (
  SELECT person_id, coalesce(attempt, -1) AS attempt, min(t_ns) AS t_ns, arg_min(cause, t_ns) AS cause
  FROM happened, night
  WHERE side = 'server' AND type = 'ejected' AND person_id IS NOT NULL
    AND t_ns < night.end_ns AND t_ns <= night.tail_end_ns
  GROUP BY ALL
), page_failed AS (
  SELECT DISTINCT person_id, coalesce(attempt, -1) AS attempt
  FROM happened WHERE side = 'listener' AND type = 'gave-up' AND cause = 'page'
)
SELECT person_id, attempt, t_ns, cause, 'listener' AS side FROM felt
UNION ALL
SELECT ordered.person_id, ordered.attempt, ordered.t_ns, ordered.cause, 'server' AS side
FROM ordered
JOIN told USING (person_id, attempt)
JOIN people USING (person_id)
ANTI JOIN felt ON felt.person_id = ordered.person_id AND felt.attempt = ordered.attempt
ANTI JOIN page_failed ON page_failed.person_id = ordered.person_id AND page_failed.attempt = ordered.attempt
WHERE ordered.t_ns < coalesce(people.left_ns, 9223372036854775807)
  AND ordered.t_ns < coalesce(people.gave_up_ns, 9223372036854775807)
  AND ordered.t_ns < coalesce(people.at_end_ns, 9223372036854775807);
