-- Whom an objective was broken by
--
-- One macro for each way in which a measure counts somebody against an objective. Each gives `person_id` and `value`: how
-- bad it was for that person, more is worse, +infinity for never. They read `arrivals` (reports/intervals/people.sql) and
-- the shared tables of the measures.

-- Losses of a seat; of one cause or seen by one side, where these are not null.
CREATE OR REPLACE TEMP MACRO thrown_out(of_cause, seen_by) AS TABLE
  SELECT person_id, count(*)::DOUBLE AS value FROM ejected
  WHERE (of_cause IS NULL OR cause = of_cause) AND (seen_by IS NULL OR side = seen_by)
  GROUP BY person_id;

-- Who was thrown out and not in again, by whether they tried: ms from the last loss until they gave up or the night ended.
CREATE OR REPLACE TEMP MACRO not_back(had_tried) AS TABLE
  SELECT person_id, (greatest(least(coalesce(gave_up_ns, end_ns), end_ns), after_losses.last_ns) - after_losses.last_ns) / 1e6 AS value
  FROM after_losses JOIN people USING (person_id), night
  WHERE NOT returned AND tried = had_tried;

-- Tries after the first loss.
CREATE OR REPLACE TEMP MACRO tried_again() AS TABLE
  SELECT person_id, tries::DOUBLE AS value FROM after_losses WHERE tries > 0;

-- The longest absence that ended, where it was over the limit; ms.
CREATE OR REPLACE TEMP MACRO back_later_than(limit_ms) AS TABLE
  SELECT person_id, value FROM (SELECT person_id, max(ms) AS value FROM comebacks GROUP BY person_id) WHERE value > limit_ms;

-- Who was never in, of one outcome where it is not null: ms from the planned arrival until they gave up or the night ended.
CREATE OR REPLACE TEMP MACRO never_in(of_outcome) AS TABLE
  SELECT person_id, greatest(0, (least(coalesce(gave_up_ns, end_ns), end_ns) - coalesce(intended_ns, start_ns)) / 1e6) AS value
  FROM people, night
  WHERE arrived AND first_in_ns IS NULL AND (of_outcome IS NULL OR outcome = of_outcome);

-- Arrivals of the surge without an answer within 2 s: ms until it came.
CREATE OR REPLACE TEMP MACRO unanswered() AS TABLE
  SELECT person_id, coalesce((first_answer_ns - intended_ns) / 1e6, 'infinity'::DOUBLE) AS value
  FROM people JOIN arrivals USING (person_id) WHERE arrivals.in_surge AND NOT answered;

-- Arrivals in later than the limit, or never: ms from the planned arrival. All of the surge where no cohort is named.
CREATE OR REPLACE TEMP MACRO in_later_than(limit_ms, of_body, of_cohort) AS TABLE
  SELECT person_id, latency_ms AS value FROM arrivals
  WHERE latency_ms > limit_ms AND (of_body IS NULL OR body = of_body)
    AND CASE WHEN of_cohort IS NULL THEN in_surge ELSE came = of_cohort END;

-- As above, of those who got in.
CREATE OR REPLACE TEMP MACRO waited_longer_than(limit_ms, of_body, of_cohort) AS TABLE
  SELECT person_id, value FROM in_later_than(limit_ms, of_body, of_cohort) WHERE isfinite(value);

-- In after somebody who came more than a second later: ms of waiting.
CREATE OR REPLACE TEMP MACRO overtaken_ones() AS TABLE
  SELECT person_id, latency_ms AS value FROM arrivals WHERE overtaken;

-- Who got less than this share of the listening they wanted: the share that they missed.
CREATE OR REPLACE TEMP MACRO served_less_than(limit_share) AS TABLE
  SELECT person_id, 1 - served / wanted AS value FROM arrivals WHERE wanted > 0 AND served < limit_share * wanted;

-- Counted incumbents in the surge, or in the baseline: the share of packets that each lost, the longest silence, how late the
-- host was heard; whoever is over the limit.
CREATE OR REPLACE TEMP MACRO heard_by_insiders(surging) AS TABLE
  SELECT person_id, sum(lost) / nullif(sum(value + lost), 0) AS loss_share, max(longest_gap_ms) AS gap_ms, max(late_ms) AS late_ms,
    nearest_rank(list(longest_gap_ms) FILTER (longest_gap_ms IS NOT NULL), 0.99) AS gap_p99_ms
  FROM events JOIN insiders USING (person_id), night
  WHERE side = 'listener' AND type = 'media'
    AND CASE WHEN surging THEN t_ns >= surge_start_ns AND t_ns <= surge_end_ns ELSE t_ns >= baseline_start_ns AND t_ns < surge_start_ns END
  GROUP BY person_id;
CREATE OR REPLACE TEMP MACRO lost_more_than(limit_share, surging) AS TABLE
  SELECT person_id, loss_share AS value FROM heard_by_insiders(surging) WHERE loss_share > limit_share;
CREATE OR REPLACE TEMP MACRO silent_longer_than(limit_ms, surging) AS TABLE
  SELECT person_id, gap_ms AS value FROM heard_by_insiders(surging) WHERE gap_ms > limit_ms;
CREATE OR REPLACE TEMP MACRO often_silent_longer_than(limit_ms) AS TABLE
  SELECT person_id, gap_p99_ms AS value FROM heard_by_insiders(true) WHERE gap_p99_ms > limit_ms;
CREATE OR REPLACE TEMP MACRO heard_later_than(limit_ms, surging) AS TABLE
  SELECT person_id, late_ms AS value FROM heard_by_insiders(surging) WHERE late_ms > limit_ms;

-- The largest relay lag that was measured at an overflow listener, or RTP time missing across a move; ms.
CREATE OR REPLACE TEMP MACRO worse_than(limit_ms, of_type) AS TABLE
  SELECT person_id, worst AS value FROM (
    SELECT person_id, max(value) AS worst FROM events WHERE type = of_type AND person_id IS NOT NULL GROUP BY person_id
  ) WHERE worst > limit_ms;
