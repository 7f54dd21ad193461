-- crowd: how many people came, and what became of them.
-- unit: people, but for the shares (0..1).
-- population: everybody whose set-out was seen; answered within 2 s: those of the surge's waves.
-- pitfalls: arrived = joined + gaveUp + refused + waitingAtEnd + lost. Somebody who got in once and was thrown
--   out later has joined; the ejections say the rest. Whoever is in none of the groups is lost, never dropped.
SELECT
  (SELECT count(*) FROM plan) AS planned,
  count(*) FILTER (incumbent AND first_in_ms < (SELECT surge_start_ms FROM clock)) AS incumbents,
  count(*) AS arrived,
  count(first_in_ms) AS joined,
  count(*) FILTER (first_in_ms IS NULL AND gave_up_ms IS NOT NULL AND gave_up_why <> 'refused') AS "gaveUp",
  count(*) FILTER (first_in_ms IS NULL AND gave_up_why = 'refused') AS refused,
  count(*) FILTER (first_in_ms IS NULL AND gave_up_ms IS NULL AND at_end IS NOT NULL) AS "waitingAtEnd",
  count(*) FILTER (first_in_ms IS NULL AND gave_up_ms IS NULL AND at_end IS NULL) AS lost,
  count(*) - count(first_in_ms) AS "neverIn",
  CASE WHEN count(*) = 0 THEN NULL ELSE (count(*) - count(first_in_ms)) / count(*) END AS "neverInShare",
  count(*) FILTER (NOT incumbent) AS "arrivedInSurge",
  CASE WHEN count(*) FILTER (NOT incumbent) = 0 THEN NULL
    ELSE count(*) FILTER (NOT incumbent AND first_answer_ms - intended_ms <= 2000) / count(*) FILTER (NOT incumbent)
  END AS "answeredWithin2sShare"
FROM people WHERE arrive_ms IS NOT NULL;
