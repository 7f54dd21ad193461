-- Ejections by cause
--
-- Unit: losses, by cause and by whose row counts them: `listener` where the listener noticed, `server` where only
-- the server did.
-- Pitfall: the two sides name one loss differently. A listener whose server fell silent says pong-timeout; the server,
-- once it comes to it, says heartbeat-missed of the same. It is counted once, as the listener felt it.
SELECT cause, side, count(*) AS losses
FROM ejected
GROUP BY cause, side
ORDER BY cause, side;
