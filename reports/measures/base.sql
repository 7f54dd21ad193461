-- base: what several measures stand on.
-- Rows after the planned end of the night are left out: what happens then is the taking down of the run.

-- The night's instants in ms from its start, which is how people read them.
CREATE OR REPLACE TEMP TABLE clock AS
  SELECT (baseline_start_ns - start_ns) / 1e6 AS baseline_start_ms, (surge_start_ns - start_ns) / 1e6 AS surge_start_ms,
    (surge_end_ns - start_ns) / 1e6 AS surge_end_ms, (tail_end_ns - start_ns) / 1e6 AS tail_end_ms,
    (planned_end_ns - start_ns) / 1e6 AS night_end_ms, timeouts_ns / 1e6 AS timeouts_ms,
    main_room, main_seats, overflow_seats, start_ns
  FROM night;

CREATE OR REPLACE TEMP VIEW log AS SELECT events.*, (t_ns - start_ns) / 1e6 AS ms FROM events, clock;

CREATE OR REPLACE TEMP VIEW listener AS
  SELECT log.* FROM log, clock WHERE side = 'listener' AND person_id IS NOT NULL AND ms <= night_end_ms + 1000;

CREATE OR REPLACE TEMP VIEW server_rows AS
  SELECT log.* FROM log, clock WHERE side = 'server' AND ms <= night_end_ms;

-- One row a person of the plan: what became of them.
CREATE OR REPLACE TEMP TABLE people AS
  SELECT plan.person_id, plan.intended_ms, plan.cohort, plan.body, plan.counted,
    plan.cohort = 'incumbent' AS incumbent,
    min(ms) FILTER (type = 'arrive') AS arrive_ms,
    min(ms) FILTER (type = 'in') AS first_in_ms,
    min(ms) FILTER (type = 'seated') AS first_seated_ms,
    min(ms) FILTER (type IN ('waiting', 'seated') OR (type = 'full' AND value IS NOT NULL)) AS first_answer_ms,
    max(ms) FILTER (type = 'in') AS last_in_ms,
    max(ms) FILTER (type = 'left') AS left_ms,
    arg_max(cause, ms) FILTER (type = 'left') AS left_how,
    max(ms) FILTER (type = 'gave-up') AS gave_up_ms,
    arg_max(cause, ms) FILTER (type = 'gave-up') AS gave_up_why,
    arg_max(cause, ms) FILTER (type = 'at-end') AS at_end,
    count(*) FILTER (type = 'dial') AS dials
  FROM plan LEFT JOIN listener USING (person_id)
  GROUP BY ALL;

-- One row an involuntary loss of a seat. The listener's own view counts; the server's only where the listener
-- of that attempt saw no end of it, and had neither left nor ended by itself before.
CREATE OR REPLACE TEMP TABLE ejections AS
  WITH seen AS (
    SELECT person_id, attempt, ms, cause, room, 'listener' AS side FROM listener WHERE type = 'ejected'
  ), only_server AS (
    SELECT s.person_id, s.attempt, min(s.ms) AS ms, arg_min(s.cause, s.ms) AS cause, arg_min(s.room, s.ms) AS room, 'server' AS side
    FROM server_rows s
    WHERE s.type = 'ejected' AND s.person_id IS NOT NULL
      AND EXISTS (FROM listener l WHERE l.person_id = s.person_id AND l.attempt = s.attempt AND l.type = 'seated')
      AND NOT EXISTS (FROM listener l WHERE l.person_id = s.person_id AND l.attempt = s.attempt AND l.type = 'ejected')
      AND NOT EXISTS (FROM listener l WHERE l.person_id = s.person_id AND l.type IN ('left', 'gave-up') AND l.ms <= s.ms)
    GROUP BY s.person_id, s.attempt
  ), every AS (SELECT * FROM seen UNION ALL SELECT * FROM only_server)
  SELECT every.*,
    (SELECT min(l.ms) FROM listener l WHERE l.person_id = every.person_id AND l.type = 'in' AND l.ms > every.ms) AS back_ms
  FROM every;

-- One row a stretch of time that a person spent in one state, as the listener's side saw it.
CREATE OR REPLACE TEMP TABLE stretches AS
  WITH changes AS (
    SELECT person_id, ms, type, room, cause,
      max(CASE WHEN type = 'ejected' THEN ms END) OVER before AS ejected_ms,
      max(CASE WHEN type = 'in' THEN ms END) OVER before AS in_ms
    FROM listener
    WHERE type IN ('arrive', 'dial', 'waiting', 'full', 'failed', 'in', 'moved', 'ejected', 'gave-up', 'left')
    WINDOW before AS (PARTITION BY person_id ORDER BY ms ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
  ), states AS (
    SELECT person_id, ms,
      CASE
        WHEN type = 'gave-up' THEN 'gave-up'
        WHEN type = 'left' THEN 'left'
        WHEN type IN ('in', 'moved') THEN CASE WHEN room LIKE '%-overflow-%' THEN 'overflow' ELSE 'in' END
        WHEN ejected_ms IS NOT NULL AND (in_ms IS NULL OR ejected_ms >= in_ms) THEN 'ejected'
        WHEN type = 'waiting' THEN 'waiting'
        ELSE 'joining'
      END AS state
    FROM changes
  )
  SELECT person_id, state, ms AS from_ms,
    coalesce(lead(ms) OVER (PARTITION BY person_id ORDER BY ms), (SELECT night_end_ms FROM clock)) AS to_ms
  FROM states;

-- Seats of a room as the server's ledger had them, second by second.
CREATE OR REPLACE TEMP VIEW seats AS
  SELECT ms, room, value AS taken, room = main_room AS main,
    CASE WHEN room = main_room THEN main_seats ELSE overflow_seats END AS seats
  FROM server_rows, clock WHERE type = 'seats-taken';
