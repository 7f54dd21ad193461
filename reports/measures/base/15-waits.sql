-- Waits
--
-- Unit: ms from the planned arrival to being in, one row for each who arrived in the surge or after it and got in.
-- `later_in_ns` is when the first of those got in whose planned arrival was more than a second after.
CREATE TABLE waits AS
SELECT person_id, intended_ns, first_in_ns, (first_in_ns - intended_ns) / 1e6 AS ms,
  min(first_in_ns) OVER (ORDER BY intended_ns RANGE BETWEEN 1000000001 FOLLOWING AND UNBOUNDED FOLLOWING) AS later_in_ns
FROM people WHERE arrived AND in_surge AND first_in_ns IS NOT NULL;
