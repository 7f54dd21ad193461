-- What the kernel confesses
--
-- Unit: occurrences, by counter of /proc/net/netstat and /proc/net/snmp; for `clock-step` the largest step of the wall
-- clock, ms.
-- Population: the seconds of the night, as the rehearsal's watcher read them; counters are of the whole machine. Nothing
-- here makes a run void. TcpExt.ListenOverflows: a connection was turned away because the queue of a listening socket was
-- full, the server's backlog; who dialled believes to be connected, and waits. Rows carry the monotonic clock, which
-- nobody can set, so that a step of the wall clock spoils no figure.
SELECT type, cause, sum(value) AS times, max(abs(value)) AS largest
FROM machine
WHERE type IN ('kernel', 'clock-step') AND side = 'rehearsal'
GROUP BY type, cause
ORDER BY type, cause;
