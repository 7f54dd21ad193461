-- ejections-by-cause: involuntary losses of a seat by cause.
-- unit: losses.
-- population: as in ejections.
-- pitfalls: the cause is the listener's where the listener saw the loss: a server that is dead for a person shows
--   as pong-timeout even if it would have thrown that person out a second later.
SELECT cause, count(*) AS losses FROM ejections, clock WHERE ejections.ms <= tail_end_ms GROUP BY cause ORDER BY losses DESC, cause;
