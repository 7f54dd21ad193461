-- Over-admission
--
-- Unit: seats; s. A violation is a seat that was taken while its room had as many as it has seats; `worst` is the largest
-- number of seats over a room's seats (`admission.overAdmitted`). `seconds` is how long any room was over, room by room.
-- Population: the main room and its overflow rooms, by every single taking, move and release in the server's rows, so
-- that an overshoot of some ms is seen. A seat that is held for somebody counts as taken.
-- Tolerance: none.
-- Pitfall: seats that leaked count, because nobody can have them.
WITH filled AS (
  SELECT room, change, taken, t_ns, lead(t_ns) OVER (PARTITION BY room ORDER BY t_ns, nth) AS next_ns FROM filling
), overfull AS (
  SELECT change, taken - seats AS seats_over, (coalesce(next_ns, end_ns) - t_ns) / 1e9 AS seconds
  FROM filled JOIN caps USING (room), night
  WHERE taken > seats
)
SELECT count(*) FILTER (change > 0) AS violations,
  coalesce(max(seats_over), 0) AS worst,
  coalesce(sum(seconds), 0) AS seconds
FROM overfull;
