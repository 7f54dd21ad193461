-- Waits
--
-- Unit: ms from the planned arrival to being in, one row for each who arrived in the surge or after it and got in.
-- `later_in_ns` is when the first of those got in whose planned arrival was more than a second after.
CREATE TABLE waits AS
WITH came_in AS (
  SELECT person_id, intended_ns, first_in_ns FROM people WHERE arrived AND in_surge AND first_in_ns IS NOT NULL
), from_then_on AS (
  SELECT intended_ns, min(min(first_in_ns)) OVER (ORDER BY intended_ns DESC ROWS UNBOUNDED PRECEDING) AS first_ns
  FROM came_in GROUP BY intended_ns
)
SELECT person_id, came_in.intended_ns, first_in_ns, (first_in_ns - came_in.intended_ns) / 1e6 AS ms, first_ns AS later_in_ns
FROM came_in ASOF LEFT JOIN from_then_on ON came_in.intended_ns + 1000000000 < from_then_on.intended_ns;
