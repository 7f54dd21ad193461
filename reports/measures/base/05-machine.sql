-- Rows about nobody
--
-- Unit: one row that a process wrote about itself, or the rehearsal about a process or the machine, each second: those of the log
-- without a person. They are few, so costs and loads are read from them and not from the whole log.
CREATE TABLE machine AS SELECT * FROM events WHERE person_id IS NULL;
