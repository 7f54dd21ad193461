-- Join latency by second of arrival
--
-- Unit: people, by body, second of the night in which they were planned to arrive, and bucket of their join latency.
-- Population: everybody of the plan who arrived. Whoever never got in is in the bucket +infinity (null).
-- Buckets are fixed and equal on a logarithmic scale, 64 a factor of two: bucket k holds latencies over 2^((k-1)/64) ms up to
-- 2^(k/64) ms, and the bucket -256 everything up to 1/16 ms. So histograms of seconds, and of runs, add up bucket by
-- bucket without any loss, and a quantile of their sum (the middle of its bucket) is within 0.55 % of the exact one.
-- They are in `histograms.json` in the run's folder; resampling blocks of arrival seconds needs no more than them.
SELECT body, floor(intended_ms / 1000)::BIGINT AS second,
  CASE WHEN first_in_ns IS NOT NULL
    THEN ceil(64 * log2(greatest((first_in_ns - intended_ns) / 1e6, 0.0625)))::BIGINT END AS bucket,
  count(*) AS people
FROM people
WHERE arrived AND planned
GROUP BY ALL
ORDER BY body, second, bucket NULLS LAST;
