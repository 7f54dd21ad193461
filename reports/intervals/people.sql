-- What an interval resamples
--
-- `arrivals`: one row for everybody who set out. `second` numbers the seconds of planned arrival that have anybody, those
-- of one part of the crowd in a row: who came before the surge, then all others, then whoever is in no plan (all in one
-- second, so that they always count once).
-- `audible`: one row for each second of the baseline and of the surge, with the packets that the counted incumbents got and
-- missed in it.
-- `heard_by_listener`: the same by listener, with the jitter of each second; `part` 1 is the surge.
-- The columns are the measures' own figures by person. A test holds their sums and quantiles against the measures.
CREATE OR REPLACE TEMP TABLE arrivals AS
WITH losses AS (
  SELECT person_id, count(*) AS losses, count(*) FILTER (side = 'listener') AS losses_felt FROM ejected GROUP BY person_id
), hands AS (
  SELECT DISTINCT person_id, true AS raised FROM happened WHERE side = 'listener' AND type = 'hand'
), told AS (
  -- As reports/oracles/estimated-wait.sql.
  SELECT person_id, sum(abs(eta_ms - (seated_ns - waiting_ns) / 1e6)) AS eta_error_ms, count(*) AS etas
  FROM places WHERE eta_ms IS NOT NULL AND NOT resumed AND seated_ns IS NOT NULL GROUP BY person_id
), placed AS (
  SELECT people.*,
    CASE came WHEN 'before' THEN 0 WHEN 'surge' THEN 1 WHEN 'after' THEN 1 ELSE 2 END AS part,
    coalesce(floor(intended_ms / 1000), 0) AS planned_second
  FROM people WHERE arrived
)
SELECT person_id, part, body, origin, outcome, came, in_surge,
  dense_rank() OVER (ORDER BY part, planned_second) - 1 AS second,
  placed.first_in_ns IS NOT NULL AS was_in,
  coalesce(first_answer_ns - placed.intended_ns <= 2000000000, false) AS answered,
  CASE WHEN placed.intended_ns IS NOT NULL THEN coalesce((placed.first_in_ns - placed.intended_ns) / 1e6, 'infinity'::DOUBLE) END AS latency_ms,
  coalesce(losses, 0) AS losses,
  coalesce(losses_felt, 0) AS losses_felt,
  after_losses.person_id IS NOT NULL AS thrown_out,
  coalesce(returned, false) AS returned,
  coalesce(tried, false) AS tried,
  coalesce(tries, 0) AS tries,
  coalesce(later_in_ns < waits.first_in_ns, false) AS overtaken,
  coalesce(wanted, 0) AS wanted,
  coalesce(served, 0) AS served,
  coalesce(raised, false) AS raised,
  coalesce(eta_error_ms, 0) AS eta_error_ms,
  coalesce(etas, 0) AS etas
FROM placed
LEFT JOIN losses USING (person_id)
LEFT JOIN after_losses USING (person_id)
LEFT JOIN waits USING (person_id)
LEFT JOIN served USING (person_id)
LEFT JOIN hands USING (person_id)
LEFT JOIN told USING (person_id);

CREATE OR REPLACE TEMP TABLE heard_by_listener AS
SELECT person_id, CASE WHEN t_ns >= surge_start_ns THEN 1 ELSE 0 END AS part, (t_ns - baseline_start_ns) // 1000000000 AS second,
  value AS received, lost, jitter_ms
FROM events JOIN insiders USING (person_id), night
WHERE side = 'listener' AND type = 'media' AND t_ns >= baseline_start_ns AND t_ns <= surge_end_ns;

CREATE OR REPLACE TEMP TABLE audible AS
SELECT part = 1 AS in_surge, second, sum(received) AS received, sum(lost) AS lost FROM heard_by_listener GROUP BY ALL;
