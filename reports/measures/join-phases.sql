-- join-phases: where the time of a join went, in the attempt that brought somebody in for the first time.
-- unit: ms; before: from the intended arrival to that attempt's dialling, all earlier attempts and pauses.
-- population: people of the surge's waves who got in, by body.
-- pitfalls: survivors only, by nature; phases of different people do not add up to a quantile of the whole.
WITH first_attempt AS (
  SELECT people.person_id, people.body, people.intended_ms,
    (SELECT arg_min(attempt, ms) FROM listener l WHERE l.person_id = people.person_id AND l.type = 'in') AS attempt
  FROM people WHERE first_in_ms IS NOT NULL AND NOT incumbent
), instants AS (
  SELECT f.person_id, f.body, f.intended_ms,
    min(ms) FILTER (type = 'dial') AS dial, min(ms) FILTER (type = 'opened') AS opened,
    min(ms) FILTER (type = 'waiting') AS waiting, min(ms) FILTER (type = 'seated') AS seated,
    min(ms) FILTER (type = 'ice') AS ice, min(ms) FILTER (type = 'dtls') AS dtls,
    min(ms) FILTER (type = 'first-audio') AS audio
  FROM first_attempt f JOIN listener l ON l.person_id = f.person_id AND l.attempt = f.attempt
  GROUP BY ALL
), phases AS (
  SELECT body, unnest([
    {'phase': 'before', 'ms': dial - intended_ms},
    {'phase': 'dial', 'ms': opened - dial},
    {'phase': 'queue', 'ms': CASE WHEN waiting IS NULL THEN 0 ELSE seated - waiting END},
    {'phase': 'signal', 'ms': coalesce(waiting, seated) - opened},
    {'phase': 'ice', 'ms': ice - seated},
    {'phase': 'dtls', 'ms': dtls - ice},
    {'phase': 'first-audio', 'ms': audio - coalesce(dtls, ice, seated)}
  ]) AS one FROM instants
)
SELECT body, one.phase AS phase, count(one.ms) AS count,
  quantile_cont(one.ms, 0.5) AS p50, quantile_cont(one.ms, 0.9) AS p90, quantile_cont(one.ms, 0.99) AS p99
FROM phases WHERE one.ms IS NOT NULL GROUP BY ALL ORDER BY body, phase;
