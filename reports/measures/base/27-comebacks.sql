-- Coming back
--
-- Unit: ms, one row for each absence that ended: from the first loss of a seat in it to being in again.
CREATE TABLE comebacks AS
SELECT ejected.person_id, back.t_ns AS back_ns, (back.t_ns - min(ejected.t_ns)) / 1e6 AS ms
FROM ejected
ASOF JOIN (SELECT person_id, t_ns FROM happened WHERE side = 'listener' AND type = 'in') AS back
  ON ejected.person_id = back.person_id AND ejected.t_ns < back.t_ns
GROUP BY ejected.person_id, back.t_ns;
