-- What each person got of what they wanted
--
-- Unit: seconds, one row a person who arrived, as defined under "Goodput".
CREATE TABLE served AS
WITH wanted AS (
  SELECT people.person_id, intended_ns AS from_ns,
    greatest(intended_ns, least(end_ns, tail_end_ns, intended_ns + (least(coalesce(plan.stay_ms, 86400000), 86400000) * 1e6)::BIGINT)) AS until_ns
  FROM people JOIN plan USING (person_id), night
  WHERE arrived
), audio AS (
  SELECT wanted.person_id,
    sum(least(1, value * frame_ms / 1000)) FILTER (t_ns > from_ns AND t_ns <= until_ns) AS seconds
  FROM wanted JOIN events ON events.person_id = wanted.person_id AND side = 'listener' AND type = 'media', night
  GROUP BY wanted.person_id
), seated AS (
  SELECT person_id,
    sum(greatest(0, least(coalesce(next_ns, end_ns), until_ns) - greatest(t_ns, from_ns))) / 1e9 AS seconds
  FROM states JOIN wanted USING (person_id), night
  WHERE state IN ('in', 'overflow') GROUP BY person_id
)
SELECT wanted.person_id, (until_ns - from_ns) / 1e9 AS wanted,
  least((until_ns - from_ns) / 1e9, CASE WHEN audio.person_id IS NOT NULL THEN coalesce(audio.seconds, 0)
    ELSE coalesce(seated.seconds, 0) END) AS served
FROM wanted LEFT JOIN audio USING (person_id) LEFT JOIN seated USING (person_id);
