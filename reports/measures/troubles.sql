-- Troubles of the generator
--
-- Unit: occurrences, by cause, as the swarm and the watchers wrote them. EMFILE, EADDRNOTAVAIL, EADDRINUSE and udp-drop
-- make a run void: the crowd was not the one that was planned. So does ENOSPC: the log has a hole.
SELECT cause, sum(coalesce(value, 1)) AS times
FROM happened
WHERE type = 'trouble' AND side <> 'server'
GROUP BY cause
ORDER BY cause;
