-- Real browsers
--
-- Unit: people; ms; shares.
-- Population: people of the plan who are real browser pages. `planned` all of them, `plannedArriving` those who were to
-- come in the surge, `count` those who set out, `joined` who were in at least once, `heard` whose loudspeaker was no
-- longer silent at least once.
-- `firstAudibleMs`: from the first seat whose audio was heard to the first sample that was not silent, over those who
-- joined; whoever never heard anything counts as +infinity. A host who is silent just then is not heard either.
-- `pageLoadMs`: from opening the page to its being ready, over all whose page was opened; one that failed to load counts as
-- +infinity. Pages load before they are needed: it is no part of the join latency, unless a page was late.
-- `concealedShare`: of the samples that were played, those that the decoder made up, silence not counted, as the mean over
-- the seconds of all browsers. `jitterBufferMs`: median over the same seconds of the mean wait in the jitter buffer.
-- `lostShare`: packets missing from the RTP sequence over packets sent.
-- `failedLoad`, `failedCrash`, `failedHang`: people whose page failed. They are listeners that failed and no losses of a
-- seat: what the server says of them then is not counted as one.
-- `clockErrorMs`: the largest bound on how far a page's clock may be off the log's.
WITH browsers AS (
  SELECT * FROM people WHERE planned AND body = 'browser'
), rows AS (
  SELECT events.* FROM events JOIN browsers USING (person_id) WHERE side = 'listener'
), each AS (
  SELECT browsers.person_id, arrived, first_in_ns,
    arg_min(value, t_ns) FILTER (type = 'audible') AS audible_ms,
    min(value) FILTER (type = 'page-loaded') AS load_ms,
    arg_min(cause, t_ns) FILTER (type = 'failed' AND starts_with(cause, 'page-')) AS failed
  FROM browsers LEFT JOIN rows USING (person_id)
  GROUP BY ALL
), loads AS (
  SELECT coalesce(load_ms, 'infinity'::DOUBLE) AS load_ms FROM each WHERE load_ms IS NOT NULL OR failed = 'page-load'
)
SELECT
  (SELECT count(*) FROM browsers) AS "planned",
  (SELECT count(*) FROM browsers WHERE cohort <> 'incumbent') AS "plannedArriving",
  count(*) FILTER (arrived) AS "count",
  count(first_in_ns) AS "joined",
  count(audible_ms) AS "heard",
  nearest_rank(list(coalesce(audible_ms, 'infinity'::DOUBLE)) FILTER (first_in_ns IS NOT NULL), 0.5) AS "firstAudibleP50",
  nearest_rank(list(coalesce(audible_ms, 'infinity'::DOUBLE)) FILTER (first_in_ns IS NOT NULL), 0.9) AS "firstAudibleP90",
  (SELECT nearest_rank(list(load_ms), 0.5) FROM loads) AS "pageLoadP50",
  (SELECT nearest_rank(list(load_ms), 0.9) FROM loads) AS "pageLoadP90",
  (SELECT avg(value) FROM rows WHERE type = 'concealed') AS "concealedShare",
  (SELECT nearest_rank(list(value), 0.5) FROM rows WHERE type = 'jitter-buffer') AS "jitterBufferP50",
  (SELECT sum(lost) / nullif(sum(value + lost), 0) FROM rows WHERE type = 'media') AS "lostShare",
  count(*) FILTER (failed = 'page-load') AS "failedLoad",
  count(*) FILTER (failed = 'page-crash') AS "failedCrash",
  count(*) FILTER (failed = 'page-hang') AS "failedHang",
  (SELECT max(value) FROM rows WHERE type = 'page-clock') AS "clockErrorMs"
FROM each;
