-- Overflow
--
-- Unit: rooms, people, ms.
-- Population: overflow rooms that the server opened during the night (not the parallel rooms of listeners). `openedAtMs` is from the night's
-- start. `seatedMax` is the largest number of seats taken in all of them together, by the server's rows of each second.
-- `openMs`: from the first ask at or after the instant when the main room was full to the opening of the first overflow
-- room; 0 when it was open by then; null when nobody asked of a full room, or none opened.
-- `fillMs`: from that opening until 95 % of the seats of this first overflow room were taken; null: never. Both by every
-- single taking, move and release in the server's rows; a held seat counts as taken.
-- `relayLagMs`: an RTP timestamp's arrival at an overflow listener minus at a main-room listener of the same process;
-- negative when the overflow listener was served first. `promoted` counts moves that listeners were told of.
-- `promotionGapMs` is RTP time missing across a move. `withMedia` are overflow listeners with real media; `hearing`
-- those of them who received at least 95 % of the host's packets between their first packet and their end, by count
-- and by elapsed time: a stream that stops cannot pass.
WITH noted AS MATERIALIZED (
  SELECT side, type, person_id, room, value, t_ns FROM happened
  WHERE type IN ('room-opened', 'seats-taken', 'seated', 'moved', 'relay-lag', 'promotion-gap')
), first_room AS (
  SELECT arg_min(room, t_ns) AS room, min(t_ns) AS opened_ns FROM noted, night
  WHERE side = 'server' AND type = 'room-opened' AND starts_with(room, main_room || '-overflow-') AND t_ns < end_ns
), wanted AS (
  SELECT min(t_ns) AS asked_ns FROM ledger
  WHERE type = 'asked' AND t_ns >= (SELECT min(t_ns) FROM filling, night WHERE room = main_room AND taken >= main_seats)
), relayed AS (
  SELECT person_id, min(t_ns) AS seated_ns
  FROM noted, night
  WHERE side = 'listener' AND type IN ('seated', 'moved') AND starts_with(room, night.main_room || '-overflow-')
  GROUP BY person_id
), heard AS (
  SELECT person_id, sum(value) AS packets, sum(lost) AS lost, min(t_ns) AS first_ns, max(t_ns) AS last_ns
  FROM events WHERE type = 'media' AND side = 'listener' GROUP BY person_id
), ends AS (
  SELECT person_id, least(coalesce(min(t_ns), 9223372036854775807), min(night.end_ns)) AS until_ns
  FROM relayed
  JOIN happened USING (person_id), night
  WHERE side = 'listener' AND type IN ('ejected', 'left') AND t_ns > seated_ns
  GROUP BY person_id
), listening AS (
  SELECT relayed.person_id, packets, lost, frame_ms, first_ns,
    coalesce(ends.until_ns, night.end_ns) AS until_ns
  FROM relayed
  JOIN people USING (person_id)
  LEFT JOIN heard USING (person_id)
  LEFT JOIN ends USING (person_id), night
  WHERE people.body NOT IN ('signal', 'k6') AND people.first_in_ns IS NOT NULL
)
SELECT
  (SELECT count(*) FROM noted, night WHERE side = 'server' AND type = 'room-opened' AND starts_with(room, main_room || '-overflow-') AND t_ns < end_ns)
    AS "roomsOpened",
  (SELECT (min(t_ns) - min(start_ns)) / 1e6 FROM noted, night WHERE side = 'server' AND type = 'room-opened' AND starts_with(room, main_room || '-overflow-'))
    AS "openedAtMs",
  (SELECT CASE WHEN asked_ns IS NOT NULL AND opened_ns IS NOT NULL THEN greatest(0, opened_ns - asked_ns) / 1e6 END
    FROM first_room, wanted) AS "openMs",
  (SELECT min(t_ns - opened_ns) / 1e6 FROM filling JOIN first_room USING (room) JOIN caps USING (room) WHERE taken >= 0.95 * seats)
    AS "fillMs",
  (SELECT coalesce(max(seats), 0) FROM (
    SELECT sum(value) AS seats FROM (
      SELECT room, (t_ns - start_ns) // 1000000000 AS second, max(value) AS value
      FROM noted, night WHERE side = 'server' AND type = 'seats-taken' AND starts_with(room, main_room || '-overflow-') AND t_ns < end_ns
      GROUP BY ALL
    ) GROUP BY second
  )) AS "seatedMax",
  (SELECT nearest_rank(list(value), 0.5) FROM noted WHERE type = 'relay-lag') AS "relayLagP50",
  (SELECT nearest_rank(list(value), 0.99) FROM noted WHERE type = 'relay-lag') AS "relayLagP99",
  (SELECT count(*) FROM noted WHERE type = 'relay-lag') AS "relayLagSamples",
  (SELECT count(*) FROM noted WHERE side = 'listener' AND type = 'moved') AS "promoted",
  (SELECT nearest_rank(list(value), 0.99) FROM noted WHERE type = 'promotion-gap') AS "promotionGapP99",
  (SELECT max(value) FROM noted WHERE type = 'promotion-gap') AS "promotionGapMax",
  (SELECT count(*) FROM noted WHERE type = 'promotion-gap') AS "promotionGapSamples",
  (SELECT count(*) FROM listening) AS "withMedia",
  (SELECT count(*) FROM listening
    WHERE packets >= 0.95 * (packets + coalesce(lost, 0))
      AND packets >= 0.95 * ((until_ns - first_ns) / 1e6 / frame_ms - 1000 / frame_ms)
      AND packets > 0) AS "hearing";
