-- Losses of a seat over time
--
-- Unit: losses, by cause, in each second of the night that has any.
-- Population: losses of a seat as defined above; they sum to `ejections.involuntary`.
SELECT greatest(0, (t_ns - start_ns) // 1000000000)::BIGINT AS second, coalesce(cause, 'unknown') AS cause, count(*) AS losses
FROM ejected, night
GROUP BY ALL
ORDER BY second, cause;
