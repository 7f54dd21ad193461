-- What the intervals of costs resample
--
-- `cost_seconds`: one row for each second between two looks of the watcher at /proc, in the three windows in which costs are read
-- (base/80-cost-windows.sql), with all that a unit cost is made of: CPU ms by process, time that people were in (all, and those
-- who receive audio), how often somebody got in, what the server sent and carried, and the packets that were sent to counted
-- listeners. Bounds are those of measures/unit-cost.sql, so that the seconds of a window sum to what it uses. Null in every second:
-- nobody wrote that.
CREATE OR REPLACE TEMP TABLE cost_seconds AS
WITH cuts AS (
  SELECT (surge_start_ns - baseline_start_ns) / 1e6 AS quiet_ms,
    least(10000, (tail_end_ns - surge_end_ns) / 2e6) AS steady_ms
  FROM night
), spans AS (
  SELECT name AS span, from_ns AS span_from_ns, to_ns AS span_to_ns
  FROM cost_bounds((SELECT quiet_ms FROM cuts), (SELECT steady_ms FROM cuts))
), looks AS (
  SELECT DISTINCT t_ns FROM machine WHERE type = 'rss' AND cause = 'server'
), seconds AS (
  SELECT span, from_ns, to_ns FROM spans
  JOIN (SELECT lag(t_ns) OVER (ORDER BY t_ns) AS from_ns, t_ns AS to_ns FROM looks) AS look
    ON from_ns >= span_from_ns AND to_ns <= span_to_ns
), watched AS (
  SELECT DISTINCT cause FROM machine WHERE type = 'rss'
), used AS (
  SELECT to_ns, sum(value) FILTER (cause = 'server') AS server_ms, sum(value) FILTER (cause = 'worker') AS worker_ms
  -- A look's rows are a few ms apart, and half a second keeps them together: as base/80-cost-windows.sql.
  FROM seconds JOIN machine ON t_ns > from_ns + 500000000 AND t_ns <= to_ns + 500000000
  WHERE type = 'cpu' AND cause IN (SELECT cause FROM watched) GROUP BY to_ns
), carried AS (
  SELECT to_ns, sum(value) FILTER (type = 'bytes-out') AS bytes_out,
    sum(value) FILTER (type IN ('bytes-in', 'bytes-out')) AS bytes,
    sum(value) FILTER (type IN ('messages-in', 'messages-out')) AS messages
  FROM seconds JOIN machine ON t_ns > from_ns AND t_ns <= to_ns
  WHERE side = 'server' AND type IN ('bytes-in', 'bytes-out', 'messages-in', 'messages-out') GROUP BY to_ns
), inside AS (
  SELECT to_ns, sum(greatest(0, least(out_ns, to_ns) - greatest(in_ns, from_ns))) / 1e9 AS listeners,
    sum(greatest(0, least(out_ns, to_ns) - greatest(in_ns, from_ns))) FILTER (body IN ('webrtc', 'rtp', 'browser')) / 1e9 AS audio,
    count(*) FILTER (in_ns > from_ns AND in_ns <= to_ns) AS joins
  FROM seconds JOIN (FROM cost_stays() JOIN people USING (person_id)) AS stay ON in_ns <= to_ns AND out_ns > from_ns
  GROUP BY to_ns
), heard AS (
  SELECT to_ns, sum(value + lost) AS packets, count(*) FILTER (value + lost IS NOT NULL) AS packet_rows
  FROM seconds JOIN events ON t_ns > from_ns AND t_ns <= to_ns
  WHERE side = 'listener' AND type = 'media' AND span = 'steady' GROUP BY to_ns
)
SELECT span, (to_ns - from_ns) / 1e9 AS seconds, server_ms, worker_ms, bytes_out, bytes, messages,
  coalesce(listeners, 0) AS listeners, coalesce(audio, 0) AS audio, coalesce(joins, 0) AS joins, packets, packet_rows,
  (SELECT any_value(voice_frame_bytes) FROM night) AS voice_frame_bytes
FROM seconds LEFT JOIN used USING (to_ns) LEFT JOIN carried USING (to_ns) LEFT JOIN inside USING (to_ns) LEFT JOIN heard USING (to_ns)
ORDER BY to_ns;
