-- hearing: share of the host's packets that listeners with media received while they were in.
-- unit: people and share (0..1).
-- population: listeners with media who got in, by the room of their first seat.
-- pitfalls: lost packets are counted from RTP sequence numbers between the first and the last one received.
WITH heard AS (
  SELECT l.person_id, sum(value) AS packets, sum(lost) AS lost,
    (SELECT arg_min(s.room, s.ms) FROM listener s WHERE s.person_id = l.person_id AND s.type = 'in') AS room
  FROM listener l WHERE type = 'media' GROUP BY l.person_id
)
SELECT CASE WHEN room LIKE '%-overflow-%' THEN 'overflow' ELSE 'main' END AS where_seated,
  count(*) AS people, count(*) FILTER (packets >= 0.95 * (packets + lost)) AS "hear95",
  sum(lost) / greatest(1, sum(packets + lost)) AS "lossShare"
FROM heard WHERE packets > 0 GROUP BY ALL ORDER BY ALL;
