-- What became of those who lost a seat
--
-- Unit: one row for each person with a loss of a seat.
-- `returned`: in again after the last loss. `tried`: dialled or asked after it, or was about to when the night ended. Who
-- tried and was not in again is stranded. `tries`: dialled or asked, after the first loss.
CREATE TABLE after_losses AS
WITH losses AS (
  SELECT person_id, min(t_ns) AS first_ns, max(t_ns) AS last_ns, arg_max(cause, t_ns) AS last_cause
  FROM ejected GROUP BY person_id
)
SELECT losses.*,
  coalesce(bool_or(type = 'in' AND t_ns > last_ns), false) AS returned,
  coalesce(bool_or((type IN ('dial', 'asked') OR (type = 'at-end' AND cause <> 'in')) AND t_ns > last_ns), false) AS tried,
  count(DISTINCT coalesce(attempt, rowid + 1000000000)) FILTER (type IN ('dial', 'asked') AND t_ns > first_ns) AS tries
FROM losses
LEFT JOIN happened ON happened.person_id = losses.person_id AND side = 'listener'
GROUP BY ALL;
