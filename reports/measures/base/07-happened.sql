-- What happened
--
-- Unit: one row of the log, but for the seconds of listeners whose packets are counted (`media`): those are most rows of a large
-- run and no measure but those of sound reads them.
CREATE TABLE happened AS
SELECT t_ns, side, person_id, attempt, type, room, cause, value FROM events WHERE type <> 'media';
