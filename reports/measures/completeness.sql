-- Completeness of a run
--
-- Unit: yes or no; ms. A run is partial when it was interrupted, when the row of the night's end is missing (it was
-- killed), or when a side wrote nothing. `durationMs` is the measured night: from its start to its planned end, or to
-- where the log stops.
SELECT started, ended, (end_ns - start_ns) / 1e6 AS "durationMs",
  (SELECT arg_min(cause, t_ns) FROM events WHERE type = 'interrupted') AS "interruptedBy",
  (SELECT count(*) FROM events WHERE side = 'listener' AND type <> 'anchor') AS "listenerRows",
  (SELECT count(*) FROM events WHERE side = 'server' AND type <> 'anchor') AS "serverRows",
  (SELECT count(*) FROM events) AS "rows"
FROM night;
