-- overflow: what the overflow rooms did.
-- unit: rooms, people, ms.
-- population: every overflow room of the night; relay lag and promotion gap: listeners with media in one process.
-- pitfalls: relay lag compares arrivals of one RTP timestamp at an overflow and at a main listener; both stand
--   somewhere in their room's fan-out, so it may be negative. A promotion gap is RTP time missing across a move.
SELECT
  (SELECT count(DISTINCT room) FROM server_rows WHERE type = 'room-opened' AND room LIKE '%-overflow-%') AS "roomsOpened",
  (SELECT min(ms) FROM server_rows WHERE type = 'room-opened' AND room LIKE '%-overflow-%') AS "openedAtMs",
  (SELECT max(taken) FROM (SELECT ms, sum(taken) AS taken FROM seats WHERE NOT main GROUP BY ms)) AS "seatedMax",
  (SELECT count(DISTINCT l.person_id) FROM listener l JOIN plan USING (person_id)
    WHERE type = 'seated' AND l.room LIKE '%-overflow-%' AND plan.body <> 'signal') AS "seatedWithMedia",
  (SELECT quantile_cont(value, 0.5) FROM listener WHERE type = 'relay-lag') AS "relayLagP50Ms",
  (SELECT quantile_cont(value, 0.99) FROM listener WHERE type = 'relay-lag') AS "relayLagP99Ms",
  (SELECT count(value) FROM listener WHERE type = 'relay-lag') AS "relayLagSamples",
  (SELECT count(*) FROM listener, clock WHERE type = 'moved' AND room = main_room) AS promoted,
  (SELECT quantile_cont(value, 0.99) FROM listener WHERE type = 'promotion-gap') AS "promotionGapP99Ms",
  (SELECT max(value) FROM listener WHERE type = 'promotion-gap') AS "promotionGapMaxMs",
  (SELECT count(value) FROM listener WHERE type = 'promotion-gap') AS "promotionGapSamples";
