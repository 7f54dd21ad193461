-- Who was inside when the surge began
--
-- Unit: one row a listener who was in, in the main or an overflow room, by their own rows, when the surge began.
CREATE TABLE insiders AS
SELECT person_id FROM (
  SELECT person_id, arg_max(state, (t_ns, nth)) AS state
  FROM states, night WHERE t_ns < surge_start_ns GROUP BY person_id
) WHERE state IN ('in', 'overflow');
