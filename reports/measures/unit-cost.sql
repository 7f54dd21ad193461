-- Unit costs of the server
--
-- Unit: CPU ms a join and a minute of one listener, bytes and messages a join, bytes of memory a listener; by process.
-- Null without rows of the server's side, without /proc, or where the night cannot tell them apart.
-- Three windows (see "Windows of a night"): the baseline, in which incumbents are in and nobody joins; joining, from the surge on;
-- and steady, the last 10 s of the talk (half of the tail where it is shorter). The CPU of each is idling times its length, plus a rate
-- times the seconds of listeners in it, plus, in the second, a cost times its joins: three equations for three unknowns.
-- `joins` counts how often somebody got in while joining, again after an ejection too; what tries in vain cost is in the
-- price of a join. `memoryBytes`: growth of the largest memory from the baseline until the talk's end, over the growth of the number of
-- people inside. `bytes` and `messages` of signalling, both directions, presence among them, are all that the server's
-- rows counted while joining, over the joins.
-- `perThousand` is what 1,000 more in the room take: cores, bytes of memory, and Mbit/s that the server sends. It is the same rates,
-- so it is measured between `inBefore` and `inAfter`, the people in on the mean of baseline and steady window; `added` are the
-- shares of the bodies among those that are more, `withMediaShare` of those that receive audio. `withMedia` is about 1,000 who all
-- receive audio: the media worker has nothing to do for the others, so that all it takes is theirs. What a process takes for
-- signalling is not told apart by body. Signalling egress is bytes as the server counted them; that of media is the packets a
-- second that were sent to a counted listener, times the mean frame of the voice and 50 bytes (RTP, the tag of SRTP, UDP, IPv4).
-- Pitfall: null where not at least a tenth more people are in at the end than in the baseline: then nothing says what a listener
-- costs. Where many still join in the steady window, their joins are taken for the cost of listening. The
-- interval within a run is over its seconds alone: nights of several seeds say how far it moves from night to night.
WITH cuts AS (
  SELECT (surge_start_ns - baseline_start_ns) / 1e6 AS quiet_ms,
    least(10000, (tail_end_ns - surge_end_ns) / 2e6) AS steady_ms
  FROM night
), bounds AS (
  FROM cost_bounds((SELECT quiet_ms FROM cuts), (SELECT steady_ms FROM cuts))
), spans AS (
  SELECT * FROM cost_spans((SELECT quiet_ms FROM cuts), (SELECT steady_ms FROM cuts))
), used AS (
  SELECT process,
    any_value(cpu_ms) FILTER (name = 'quiet') AS quiet, any_value(cpu_ms) FILTER (name = 'joining') AS joining,
    any_value(cpu_ms) FILTER (name = 'steady') AS steady,
    any_value(bytes) FILTER (name = 'quiet') AS bytes_before, any_value(bytes) FILTER (name = 'steady') AS bytes_after
  FROM cost_processes((SELECT quiet_ms FROM cuts), (SELECT steady_ms FROM cuts))
  WHERE process IN ('server', 'worker') GROUP BY process
), lengths AS (
  SELECT any_value(seconds) FILTER (name = 'quiet') AS quiet_s, any_value(listener_seconds) FILTER (name = 'quiet') AS quiet_ls,
    any_value(seconds) FILTER (name = 'joining') AS joining_s, any_value(listener_seconds) FILTER (name = 'joining') AS joining_ls,
    any_value(seconds) FILTER (name = 'steady') AS steady_s, any_value(listener_seconds) FILTER (name = 'steady') AS steady_ls,
    any_value(joins) FILTER (name = 'joining') AS joins
  FROM spans
), grown AS (
  -- People in, on the mean of each window.
  SELECT *, CASE WHEN steady_ls / steady_s > 1.1 * quiet_ls / quiet_s THEN steady_ls / steady_s - quiet_ls / quiet_s END AS more
  FROM lengths
), rates AS (
  SELECT process, (steady / steady_s - quiet / quiet_s) / more AS listening_ms FROM used, grown
), costs AS (
  SELECT process, listening_ms,
    (joining - joining_s * (quiet - listening_ms * quiet_ls) / quiet_s - listening_ms * joining_ls) / nullif(joins, 0) AS join_ms,
    (bytes_after - bytes_before) / more AS memory_bytes
  FROM used JOIN rates USING (process), grown
), carried AS (
  SELECT sum(value) FILTER (type IN ('bytes-in', 'bytes-out')) AS bytes,
    sum(value) FILTER (type IN ('messages-in', 'messages-out')) AS messages
  FROM machine, bounds AS span
  WHERE side = 'server' AND span.name = 'joining' AND t_ns > from_ns AND t_ns <= to_ns
), by_body AS (
  -- The same means, body by body; over the seconds of steady less those of quiet.
  SELECT body, sum(
    greatest(0, least(out_ns, to_ns) - greatest(in_ns, from_ns)) / (to_ns - from_ns) * CASE span.name WHEN 'steady' THEN 1 ELSE -1 END
  ) AS more
  FROM bounds AS span CROSS JOIN cost_stays() AS stays JOIN people USING (person_id)
  WHERE span.name IN ('quiet', 'steady') GROUP BY body
), added AS (
  SELECT coalesce(sum(by_body.more) FILTER (body = 'signal'), 0) / any_value(grown.more) AS signal,
    coalesce(sum(by_body.more) FILTER (body = 'webrtc'), 0) / any_value(grown.more) AS webrtc,
    coalesce(sum(by_body.more) FILTER (body = 'rtp'), 0) / any_value(grown.more) AS rtp,
    coalesce(sum(by_body.more) FILTER (body = 'k6'), 0) / any_value(grown.more) AS k6,
    coalesce(sum(by_body.more) FILTER (body = 'browser'), 0) / any_value(grown.more) AS browser
  FROM by_body, grown
), media AS (
  -- A share of less than one in a hundred would be multiplied into nonsense.
  SELECT webrtc + rtp + browser AS share, CASE WHEN webrtc + rtp + browser >= 0.01 THEN webrtc + rtp + browser END AS divisor FROM added
), sent AS (
  SELECT (sum(value) FILTER (span.name = 'steady') / any_value(steady_s) - sum(value) FILTER (span.name = 'quiet') / any_value(quiet_s))
    / any_value(more) * 8000 / 1e6 AS mbit
  FROM machine, bounds AS span, grown
  WHERE side = 'server' AND type = 'bytes-out' AND t_ns > from_ns AND t_ns <= to_ns
), heard AS (
  SELECT avg(value + lost) * any_value(voice_frame_bytes + 50) * 8000 / 1e6 AS mbit
  FROM events, bounds AS span, night
  WHERE side = 'listener' AND type = 'media' AND span.name = 'steady' AND t_ns > from_ns AND t_ns <= to_ns
), server AS (
  SELECT any_value(listening_ms) AS listening_ms, any_value(memory_bytes) AS memory_bytes FROM costs WHERE process = 'server'
), worker AS (
  SELECT any_value(listening_ms) AS listening_ms, any_value(memory_bytes) AS memory_bytes FROM costs WHERE process = 'worker'
)
SELECT joins AS "joins",
  (SELECT join_ms FROM costs WHERE process = 'server') AS "joinMsServer",
  (SELECT join_ms FROM costs WHERE process = 'worker') AS "joinMsWorker",
  server.listening_ms * 60 AS "listenerMinuteMsServer",
  worker.listening_ms * 60 AS "listenerMinuteMsWorker",
  server.memory_bytes AS "memoryBytesServer",
  worker.memory_bytes AS "memoryBytesWorker",
  (SELECT bytes FROM carried) / nullif(joins, 0) AS "bytes",
  (SELECT messages FROM carried) / nullif(joins, 0) AS "messages",
  {
    'inBefore': CASE WHEN more IS NOT NULL THEN quiet_ls / quiet_s END,
    'inAfter': CASE WHEN more IS NOT NULL THEN steady_ls / steady_s END,
    'added': {'signal': signal, 'webrtc': webrtc, 'rtp': rtp, 'k6': k6, 'browser': browser},
    'withMediaShare': media.share,
    -- A ms of CPU a second for each of a thousand is a whole core.
    'cores': {'signalling': server.listening_ms, 'media': worker.listening_ms},
    'memoryBytes': {'signalling': server.memory_bytes * 1000, 'media': worker.memory_bytes * 1000},
    'egressMbit': {'signalling': sent.mbit, 'media': heard.mbit * media.share},
    'withMedia': {
      'mediaCores': worker.listening_ms / media.divisor,
      'mediaMemoryBytes': worker.memory_bytes * 1000 / media.divisor,
      'mediaEgressMbit': CASE WHEN media.divisor IS NOT NULL THEN heard.mbit END
    }
  } AS "perThousand"
FROM grown, added, media, sent, heard, server, worker;
