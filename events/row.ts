/**
 * The event log's vocabulary. Everything that happens in a run is a row, written by the side that saw it;
 * every number in summary, verdict and report is a query over these rows.
 *
 * One row a state change, one a second for each listener whose packets are counted and for each process;
 * never a row for a packet or a presence frame.
 */

/** Who wrote the row: a synthetic listener's process, the server, or the rehearsal that watches both. */
export type Side = 'listener' | 'server' | 'rehearsal';

/** Types of row, each with the side that writes it and what `value` means. */
export const ROW_TYPES = {
  // Listener side, personId set. One story: arrive, (dial, opened, browsed, asked, waiting|full|seated, ...), end.
  // Who waits in the hallway beforehand dials and browses before they arrive.
  arrive: 'The person set out. value: slip, ms from the intended to the actual instant.',
  dial: 'An attempt begins: a connection is dialled.',
  opened: 'The WebSocket stands.',
  browsed: 'The list of rooms has come, for the first time on this connection. value: rooms in it.',
  asked: 'The ask was sent (listener) or received (server).',
  waiting: 'A place in the queue. value: position.',
  eta: 'The wait that was told with the first position of a try (server). value: ms.',
  full: 'No seat and no queue. value: retry-after in ms, empty when not told.',
  seated: 'A seat. value: its number. cause: new | resumed.',
  ice: 'ICE connected.',
  dtls: 'DTLS connected.',
  'first-audio': 'First audio packet after the seat.',
  in: 'The join is complete: seated for a body without media, first-audio for one with media.',
  moved: 'The seat is now in another room (room: the new one). value: seat.',
  hand: 'A hand was raised (listener), or changed at the server. value: 1 up, 0 down. It ends with the seat.',
  ejected: 'Involuntary loss of a seat, by cause, as this side saw it.',
  failed:
    'An attempt ended without a seat, by cause: join-timeout, impatient (hung up unanswered), connection-refused, connection-lost, full, protocol-error. Or the page of a real browser failed, in whatever state its person was: page-load (not there after 30 s), page-crash, page-hang (no answer for 5 s).',
  'gave-up':
    'The person stops trying. cause: queue-patience | refused (tries used up, the last answer was full) | tries (used up otherwise) | no-return (does not try again after an ejection) | parallel (sits in an unofficial room instead) | page (the page of a real browser failed).',
  parallel:
    'The person, who has given up the main room, sits in a parallel room (room). value: 1 opened it, 0 went to it.',
  'parallel-lost': 'The seat in a parallel room was lost, by cause; the person goes.',
  left: 'The person leaves a seat of their own will. cause: goodbye | silent.',
  'at-end':
    'State when the night ended, for everybody not gone before. cause: in | joining | waiting | pausing.',
  media: 'One second of a counted listener. value: packets; lost, longestGapMs, lateMs and jitterMs are set.',
  'page-loaded': 'A real browser has the room page and can be driven. value: ms that the load took.',
  'page-clock': "The page's clock was matched to the log's. value: bound of the error, ms.",
  audible: 'The loudspeaker of a real browser is no longer silent. value: ms from the seat.',
  concealed:
    'One second of a real browser: samples that its decoder made up, silence not counted. value: share of those that were played.',
  'jitter-buffer':
    'One second of a real browser: how long samples waited in its jitter buffer. value: mean, ms.',
  'relay-lag': 'One sample. value: ms; personId: the overflow listener.',
  'promotion-gap': 'RTP time missing across one move. value: ms.',
  // Server side, personId set unless noted.
  took: 'The seat was taken for good: the answer is on its way. value: seat.',
  vanished: 'A listener without a seat (waiting or joining) was found gone. cause: why.',
  held: 'The seat of an ejected listener is kept. value: ms.',
  released: 'A seat is free again. value: seat. cause: left | ejected | expired | superseded.',
  expired: 'A held seat or a ticket ran out unclaimed.',
  'ticket-redeemed': 'A ticket was accepted. cause: the number of the ticket.',
  'ticket-returned':
    'An accepted ticket may be used again, because its answer reached nobody. cause: the number of the ticket.',
  'ticket-refused': 'cause: the error code.',
  strike: 'A malformed or unknown message. cause: the error code. personId empty before the ask.',
  'transport-moved':
    'A promoted listener is offered a transport of the new room, beside the one that it has.',
  'room-opened': 'personId empty. value: seats.',
  'room-closed': 'personId empty. cause: why.',
  'worker-died': 'personId empty. The media worker ended.',
  'worker-ready': 'personId empty. The media worker (again) carries every room. value: its pid.',
  'seats-taken': 'Each second, by room. value: seats taken.',
  'seats-held': 'Each second, by room. value: seats held.',
  queue: 'Each second. value: people waiting.',
  deliveries: 'Each second. value: presence frames sent.',
  hallway: 'Each second. value: lists of rooms given.',
  'tickets-issued': 'Each second. value: tickets to a seat or a place.',
  'worker-cpu':
    'Each second. value: share of its core that the busiest media worker took, as it says itself.',
  limit: 'Each second. value: seats that the adaptive limit allows to be in use.',
  // Any process, each second, personId empty.
  stall: 'value: longest gap between two turns of the event loop, ms, nap not counted.',
  nap: 'value: ms napped in that second.',
  'nap-max': 'value: longest nap, ms: the bound on the lateness of a signal.',
  'bytes-in': 'value: bytes.',
  'bytes-out': 'value: bytes.',
  'messages-in': 'value: messages.',
  'messages-out': 'value: messages.',
  trouble:
    'The generator could not do what it should. cause: EMFILE | EADDRNOTAVAIL | ENOBUFS | udp-drop | ... value: count.',
  anchor: 'One a process. value: wall clock in ms at tNs. cause: its measured offset in ns.',
  // Rehearsal side.
  'night-start': 'tNs is the zero of every plan time.',
  moment: 'A moment of the night. cause: its id.',
  fault: 'A fault was injected. cause: which.',
  'night-end': 'The planned end of the night.',
  interrupted: 'The run was stopped before its end. cause: why. Makes it partial.',
  cpu: 'Each second, from /proc. cause: the process (server, worker, swarm-signal, ...). value: CPU ms in that second.',
  rss: 'Each second, from /proc. cause: the process. value: bytes.',
  'core-busy': 'Each second. cause: core-0 ... value: share busy, 0..1.',
  'foreign-cpu': 'Each second. cause: core-0 ... value: CPU seconds a second by processes that are not ours.',
  kernel:
    'Each second in which it grew, from /proc/net, of the whole machine. cause: the counter, as TcpExt.ListenOverflows. value: by how much.',
  'clock-step':
    'The wall clock was set by more than 50 ms since the last second; rows carry another clock. value: ms, negative: back.',
  probe: 'A ping from outside. value: ms until the server answered.',
  yardstick:
    "At the end of a gate's run. value: CPU ms that one and the same piece of work took on the server's core, on the mean.",
} as const;
export type RowType = keyof typeof ROW_TYPES;

/**
 * Columns of a segment file: CSV without a header line, empty means null, in this order. `t_ns` is
 * CLOCK_MONOTONIC in nanoseconds, which all processes of a machine share.
 */
export const ROW_COLUMNS = [
  't_ns',
  'side',
  'process',
  'person_id',
  'attempt',
  'connection_id',
  'type',
  'room',
  'cause',
  'value',
  'lost',
  'longest_gap_ms',
  'late_ms',
  'jitter_ms',
] as const;
