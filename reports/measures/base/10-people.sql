-- People
--
-- Unit: one row a person, planned or seen. What became of each of them by the listener's own rows, because only
-- the listener knows whether an answer arrived.
-- Population: the plan, and whoever wrote a row without being in it. `arrived` means that the listener's side wrote
-- any row of them; a plan's person without one never set out (the run ended before).
-- `outcome` is the first that fits: joined (was in at least once), refused (gave up on a last answer of "full"),
-- gave-up (stopped for another reason of their own, or left a seat before there was sound), waiting (still trying,
-- queueing or joining at the night's end), lost (none of these: the log does not say). So the five always sum to
-- those who arrived.
-- `came`: `before` the surge (incumbents, and whoever was planned before it began), in the `surge`, or `after` its end (the
-- last 5 % of its planned arrivals); by the plan, and null for who is in no plan.
CREATE OR REPLACE MACRO nearest_rank(samples, q) AS
  list_sort(samples)[greatest(1, ceil(q * len(samples) - 1e-9))::BIGINT];

CREATE TABLE people AS
WITH told AS (
  -- Who leaves a parallel room gives up no seat: that was done when they went there.
  SELECT person_id, t_ns, type, cause, value, aside.person_id IS NULL AS is_seat
  FROM happened
  LEFT JOIN (SELECT DISTINCT person_id FROM happened WHERE side = 'listener' AND type = 'parallel') AS aside USING (person_id)
  -- A browser's page is there before its person sets out.
  WHERE side = 'listener' AND person_id IS NOT NULL AND type NOT IN ('page-loaded', 'page-clock')
  UNION ALL
  SELECT DISTINCT person_id, NULL, 'media', NULL, NULL, true
  FROM events WHERE side = 'listener' AND type = 'media' AND person_id IS NOT NULL
), seen AS (
  SELECT person_id,
    min(t_ns) FILTER (type = 'in') AS first_in_ns,
    min(t_ns) FILTER (type = 'seated') AS first_seated_ns,
    min(t_ns) FILTER (type IN ('waiting', 'seated') OR (type = 'full' AND value IS NOT NULL)) AS first_answer_ns,
    arg_max(cause, t_ns) FILTER (type = 'gave-up') AS gave_up_cause,
    min(t_ns) FILTER (type = 'gave-up') AS gave_up_ns,
    min(t_ns) FILTER (type = 'left' AND is_seat) AS left_ns,
    arg_max(cause, t_ns) FILTER (type = 'left' AND is_seat) AS left_cause,
    arg_max(cause, t_ns) FILTER (type = 'at-end') AS at_end_cause,
    min(t_ns) FILTER (type = 'at-end') AS at_end_ns,
    max(value) FILTER (type = 'arrive') AS slip_ms
  FROM told
  GROUP BY person_id
)
SELECT coalesce(plan.person_id, seen.person_id) AS person_id,
  plan.person_id IS NOT NULL AS planned,
  seen.person_id IS NOT NULL AS arrived,
  plan.cohort,
  plan.origin,
  plan.name,
  plan.body,
  plan.intended_ms,
  night.start_ns + (plan.intended_ms * 1e6)::BIGINT AS intended_ns,
  CASE
    WHEN plan.person_id IS NULL THEN NULL
    WHEN plan.cohort = 'incumbent' OR night.start_ns + (plan.intended_ms * 1e6)::BIGINT < night.surge_start_ns THEN 'before'
    WHEN night.start_ns + (plan.intended_ms * 1e6)::BIGINT <= night.surge_end_ns THEN 'surge'
    ELSE 'after'
  END AS came,
  coalesce(came <> 'before', false) AS in_surge,
  seen.* EXCLUDE (person_id),
  CASE
    WHEN seen.person_id IS NULL THEN 'absent'
    WHEN first_in_ns IS NOT NULL THEN 'joined'
    WHEN gave_up_cause = 'refused' THEN 'refused'
    WHEN gave_up_ns IS NOT NULL OR left_ns IS NOT NULL THEN 'gave-up'
    WHEN at_end_ns IS NOT NULL THEN 'waiting'
    ELSE 'lost'
  END AS outcome
FROM plan FULL JOIN seen ON plan.person_id = seen.person_id, night;
