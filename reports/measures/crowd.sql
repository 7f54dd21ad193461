-- Crowd
--
-- Unit: people; shares of people.
-- `arrived = joined + gaveUp + refused + waitingAtEnd + lost` and `neverIn = arrived - joined`: nobody disappears.
-- Population: everybody who set out, incumbents among them. `surgeArrivals` and `answeredWithin2sShare` are about
-- those whose planned arrival lies in the surge or after it.
-- An answer is a seat, a position, or "full" with a time to retry; "full" without one leaves a person to guess, and
-- is none. The 2 s run from the *planned* arrival, so a late generator cannot flatter the server; whoever was
-- never answered counts as not answered within 2 s.
SELECT
  count(*) FILTER (planned) AS "planned",
  count(*) FILTER (planned AND cohort = 'incumbent') AS "incumbents",
  count(*) FILTER (arrived) AS "arrived",
  count(*) FILTER (outcome = 'joined') AS "joined",
  count(*) FILTER (outcome = 'gave-up') AS "gaveUp",
  count(*) FILTER (outcome = 'refused') AS "refused",
  count(*) FILTER (outcome = 'waiting') AS "waitingAtEnd",
  count(*) FILTER (outcome = 'lost') AS "lost",
  count(*) FILTER (arrived AND first_in_ns IS NULL) AS "neverIn",
  coalesce(count(*) FILTER (arrived AND first_in_ns IS NULL) / nullif(count(*) FILTER (arrived), 0), 0) AS "neverInShare",
  count(*) FILTER (arrived AND in_surge) AS "surgeArrivals",
  count(*) FILTER (arrived AND in_surge AND first_answer_ns - intended_ns <= 2000000000)
    / nullif(count(*) FILTER (arrived AND in_surge), 0) AS "answeredWithin2sShare"
FROM people;
