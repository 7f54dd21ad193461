-- trouble: what the generator could not do.
-- unit: events by cause.
-- population: every process of the swarm, the whole night.
-- pitfalls: udp-drop counts datagrams that the kernel dropped at the swarm's sockets.
SELECT cause, sum(value) AS events FROM log WHERE type = 'trouble' AND side = 'listener' GROUP BY cause HAVING sum(value) > 0 ORDER BY cause;
