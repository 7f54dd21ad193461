-- Phases of a join, person by person
--
-- Unit: ms, one row for each person and phase of the try that got in first.
-- Population: everybody of the plan who got in; `came` as defined under "People". retries: from the planned arrival to that try's dialling (slip and
-- earlier tries). dial: to the open connection. hallway: from there to the ask, the list of rooms between them (who had
-- waited in the hallway beforehand: both from the planned arrival). signal: from the ask to the first answer. queue: from the first
-- position to the seat (only who queued). ice: from the seat to ICE. dtls: from ICE to DTLS. firstAudio: from DTLS to
-- the first packet; a body rtp has neither ICE nor DTLS, so from the seat.
-- JavaScript hears of ICE and DTLS some ms late, while packets are timed where they arrive: a phase that would be
-- negative by that is 0.
CREATE TABLE phases AS
WITH tries AS (
  SELECT people.body, people.came, people.person_id, people.intended_ns, people.first_in_ns,
    min(t_ns) FILTER (type = 'dial') AS dial_ns,
    min(t_ns) FILTER (type = 'opened') AS opened_ns,
    min(t_ns) FILTER (type = 'asked') AS asked_ns,
    min(t_ns) FILTER (type = 'waiting') AS waiting_ns,
    min(t_ns) FILTER (type = 'seated') AS seated_ns,
    min(t_ns) FILTER (type = 'ice') AS ice_ns,
    min(t_ns) FILTER (type = 'dtls') AS dtls_ns,
    min(t_ns) FILTER (type = 'first-audio') AS audio_ns
  FROM people
  JOIN (
    SELECT person_id, arg_min(attempt, t_ns) AS attempt FROM happened
    WHERE side = 'listener' AND type = 'in' GROUP BY person_id
  ) AS won USING (person_id)
  JOIN happened ON happened.person_id = people.person_id AND happened.attempt = won.attempt AND side = 'listener'
  WHERE people.body IS NOT NULL
  GROUP BY ALL
), each_phase AS (
  SELECT body, came, person_id, unnest([
    {phase: 'retries', ms: (dial_ns - intended_ns) / 1e6},
    {phase: 'dial', ms: (opened_ns - greatest(dial_ns, intended_ns)) / 1e6},
    {phase: 'hallway', ms: (asked_ns - greatest(opened_ns, intended_ns)) / 1e6},
    {phase: 'signal', ms: (least(waiting_ns, seated_ns) - asked_ns) / 1e6},
    {phase: 'queue', ms: (seated_ns - waiting_ns) / 1e6},
    {phase: 'ice', ms: (ice_ns - seated_ns) / 1e6},
    {phase: 'dtls', ms: (dtls_ns - ice_ns) / 1e6},
    {phase: 'firstAudio', ms: (audio_ns - CASE WHEN body = 'rtp' THEN seated_ns ELSE dtls_ns END) / 1e6}
  ], recursive := true)
  FROM tries
)
SELECT body, came, person_id, phase, greatest(ms, 0) AS ms FROM each_phase WHERE ms IS NOT NULL;
