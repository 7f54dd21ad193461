-- Join curve
--
-- Unit: shares of arrivals, by ms since their planned arrival, in steps of 500 ms, by body: cumulative incidence of three
-- ends that exclude each other, `in`, `gaveUp` (of their own will) and `refused` (after a last "full").
-- Population: all who arrived in the surge or after it. Only the night's end censors: whoever then still waited (or of whom
-- the log does not say what became) was watched from the planned arrival to the end of the night and no longer.
-- Estimator: Aalen and Johansen (1978). It is computed in the form that weighs each end by 1 / G, where G is the
-- Kaplan-Meier estimate of not yet being censored just before it (Satten and Datta 2001; Geskus 2011): the same number, and
-- exactly the plain share as long as nobody was censored. An end at the instant of a censoring comes first.
-- So nobody who waits long is taken for lost because the night was short; one minus Kaplan-Meier of "in" alone would take
-- those who gave up for people who might still get in, and be too high.
-- Pitfall: as long as people are censored, the end of a curve is extrapolated from those who came early.
WITH ends AS (
  SELECT body,
    CASE outcome WHEN 'joined' THEN 'in' WHEN 'gave-up' THEN 'gave-up' WHEN 'refused' THEN 'refused' END AS what,
    greatest(0, (CASE outcome
      WHEN 'joined' THEN first_in_ns
      WHEN 'refused' THEN gave_up_ns
      WHEN 'gave-up' THEN coalesce(least(gave_up_ns, left_ns), gave_up_ns, left_ns)
      ELSE end_ns END - intended_ns) / 1e6) AS ms
  FROM people, night WHERE arrived AND in_surge AND body IS NOT NULL
), instants AS (
  SELECT body, ms,
    count(*) FILTER (what = 'in') AS joined,
    count(*) FILTER (what = 'gave-up') AS gave_up,
    count(*) FILTER (what = 'refused') AS refused,
    count(*) FILTER (what IS NULL) AS censored,
    count(what) AS ended,
    sum(count(*)) OVER (PARTITION BY body) AS everybody,
    sum(count(*)) OVER (PARTITION BY body ORDER BY ms DESC) AS at_risk
  FROM ends GROUP BY body, ms
), weighed AS (
  SELECT *,
    coalesce(product(1 - coalesce(censored / nullif(at_risk - ended, 0), 0)) OVER (
      PARTITION BY body ORDER BY ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS uncensored
  FROM instants
), window_ms AS (
  SELECT least(60000, greatest(1000, ceil((end_ns - surge_start_ns) / 1e6 / 500) * 500))::BIGINT AS length_ms FROM night
), by_step AS (
  SELECT body, (ceil(ms / 500) * 500)::BIGINT AS ms,
    sum(joined / uncensored) AS joined, sum(gave_up / uncensored) AS gave_up, sum(refused / uncensored) AS refused
  FROM weighed WHERE ended > 0 GROUP BY ALL
), steps AS (
  SELECT body, everybody, unnest(generate_series(0, length_ms, 500)) AS ms
  FROM (SELECT DISTINCT body, everybody FROM instants), window_ms
)
SELECT steps.body, steps.ms,
  sum(coalesce(joined, 0)) OVER until_then / everybody AS "in",
  sum(coalesce(gave_up, 0)) OVER until_then / everybody AS "gaveUp",
  sum(coalesce(refused, 0)) OVER until_then / everybody AS "refused"
FROM steps LEFT JOIN by_step ON by_step.body = steps.body AND by_step.ms = steps.ms
WINDOW until_then AS (PARTITION BY steps.body ORDER BY steps.ms)
ORDER BY steps.body, steps.ms;
