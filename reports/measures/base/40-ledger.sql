-- The server's ledger
--
-- Unit: one row that the server wrote about one person, in order, until the night's end. `caps` has the seats of each
-- room.
-- Population: the main room and its overflow rooms, and rows that name no room. Rooms that listeners open themselves are
-- no part of the admission control and are left out of both.
CREATE TABLE ledger AS
SELECT person_id, attempt, t_ns, type, room, cause, value, happened.rowid AS nth
FROM happened, night
WHERE side = 'server' AND person_id IS NOT NULL AND t_ns < night.end_ns
  AND (room IS NULL OR room = main_room OR starts_with(room, main_room || '-overflow-'));

CREATE TABLE caps AS
SELECT room, max(value) AS seats
FROM happened, night
WHERE side = 'server' AND type = 'room-opened' AND (room = main_room OR starts_with(room, main_room || '-overflow-'))
GROUP BY room;
