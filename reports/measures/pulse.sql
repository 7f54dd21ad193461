-- pulse: the server and the swarm, second by second.
-- unit: share of a core (0..1), ms; s from the night's start.
-- population: every process that /proc showed.
-- pitfalls: a second with a stall may show in the next one.
SELECT (ms / 1000)::BIGINT AS s, type, cause, avg(value) AS value
FROM log, clock
WHERE type IN ('cpu', 'probe', 'core-busy') AND ms BETWEEN 0 AND night_end_ms GROUP BY ALL ORDER BY s, type, cause;
