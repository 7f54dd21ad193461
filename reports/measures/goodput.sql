-- Goodput
--
-- Unit: seconds of listeners; a share.
-- Population: everybody who arrived. `listenerSecondsWanted`: from the planned arrival to the end of the stay that was drawn
-- for the person, or to the end of the talk. So it is the same for every server, and a wait takes from it.
-- `listenerSecondsServed` is what they got of it: for a listener whose packets are counted, the audio in the packets that
-- came; for one without media (or uncounted), the time in a seat of the main or an overflow room, as the listener
-- believes. `share` is served over wanted.
-- Pitfall: whoever leaves a seat early because of their own stay loses nothing here; whoever gives up waiting loses
-- the rest of their stay.
SELECT coalesce(sum(wanted), 0) AS "listenerSecondsWanted",
  coalesce(sum(served), 0) AS "listenerSecondsServed",
  sum(served) / nullif(sum(wanted), 0) AS "share"
FROM served;
