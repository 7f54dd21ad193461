/**
 * The server's metrics. Each is a live view of rows that the server writes into its event log, and provisional: the
 * figures of a run are queries over that log.
 */
import { EJECTION_CAUSES, ERROR_CODES } from '../protocol/messages.ts';
import type { MetricDefinition } from './definition.ts';

export const ROOM_KINDS = ['main', 'overflow', 'parallel'] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

const byRoom = { room_kind: ROOM_KINDS };
const direction = { direction: ['in', 'out'] };
const ERRORS = Object.keys(ERROR_CODES);
/** Of a ticket that was turned away; as the codes of the error that answers it. */
const TICKET_ERRORS = ERRORS.filter((code) => code.startsWith('ticket-'));
const STRIKES = ['bad-frame', 'bad-json', 'unknown-type', 'bad-message'] as const;

export const SERVER_METRICS = {
  roomrush_server_asks_total: {
    type: 'counter',
    help: 'Asks for a seat that were received.',
    labels: byRoom,
  },
  roomrush_server_seatings_total: {
    type: 'counter',
    help: 'Seats that the admission policy decided; resumed: the held seat of somebody who came back.',
    labels: { seat: ['new', 'resumed'] },
  },
  roomrush_server_joins_total: {
    type: 'counter',
    help: 'Seats taken for good, their answer on its way.',
    labels: byRoom,
  },
  roomrush_server_refusals_total: {
    type: 'counter',
    help: 'Asks that were answered "full".',
    labels: byRoom,
  },
  roomrush_server_ejections_total: {
    type: 'counter',
    help: 'Losses of a seat without wanting to, as the server saw them.',
    labels: { cause: EJECTION_CAUSES, room_kind: ROOM_KINDS },
  },
  roomrush_server_vanished_total: {
    type: 'counter',
    help: 'People without a seat (waiting or joining) who were found gone.',
    labels: { cause: EJECTION_CAUSES },
  },
  roomrush_server_goodbyes_total: {
    type: 'counter',
    help: 'People who left of their own will and said so, whatever they had.',
  },
  roomrush_server_promotions_total: { type: 'counter', help: 'Listeners moved to another room.' },
  roomrush_server_seats_kept_total: {
    type: 'counter',
    help: 'Times that the seat of somebody who was thrown out was held for them.',
  },
  roomrush_server_seats_released_total: {
    type: 'counter',
    help: 'Seats that became free again for others.',
    labels: { cause: ['left', 'ejected', 'expired', 'superseded'] },
  },
  roomrush_server_tickets_issued_total: { type: 'counter', help: 'Tickets given, to a seat or to a place.' },
  roomrush_server_tickets_redeemed_total: { type: 'counter', help: 'Tickets that were accepted.' },
  roomrush_server_tickets_refused_total: {
    type: 'counter',
    help: 'Tickets that were turned away.',
    labels: { cause: TICKET_ERRORS },
  },
  roomrush_server_strikes_total: {
    type: 'counter',
    help: 'Messages that do not speak the protocol.',
    labels: { cause: STRIKES },
  },
  roomrush_server_rooms_opened_total: { type: 'counter', help: 'Rooms that were opened.', labels: byRoom },
  roomrush_server_rooms_closed_total: { type: 'counter', help: 'Rooms that were closed.', labels: byRoom },
  roomrush_server_worker_deaths_total: { type: 'counter', help: 'Times that a media worker ended.' },
  roomrush_server_presence_deliveries_total: {
    type: 'counter',
    help: 'Presence frames sent, one a receiver.',
  },
  roomrush_server_hallway_lists_total: { type: 'counter', help: 'Lists of rooms given.' },
  roomrush_server_signalling_bytes_total: {
    type: 'counter',
    help: 'Bytes of WebSocket frames.',
    labels: direction,
  },
  roomrush_server_signalling_messages_total: {
    type: 'counter',
    help: 'WebSocket messages.',
    labels: direction,
  },
  roomrush_server_join_phase_seconds: {
    type: 'histogram',
    help: 'Phases of a join: decision: from the ask to the seat, with the wait in the queue; taking: from there until it is taken (journal, transport); audio: from the decision until audio flows.',
    labels: { phase: ['decision', 'taking', 'audio'] },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
  },
  roomrush_server_connections: { type: 'gauge', help: 'WebSockets that stand.' },
  roomrush_server_seats_taken: {
    type: 'gauge',
    help: 'Seats taken, at the last full second.',
    labels: byRoom,
  },
  roomrush_server_seats_held: {
    type: 'gauge',
    help: 'Seats held for people who were thrown out, at the last full second.',
    labels: byRoom,
  },
  roomrush_server_queue_length: {
    type: 'gauge',
    help: 'People waiting for a seat, at the last full second.',
  },
  roomrush_server_admission_limit_seats: {
    type: 'gauge',
    help: 'Seats that the adaptive limit allows to be in use; NaN without one.',
  },
  roomrush_server_event_loop_stall_seconds: {
    type: 'gauge',
    help: 'Longest gap between two turns of the event loop in the last second.',
  },
  roomrush_server_event_loop_lag_seconds: {
    type: 'gauge',
    help: 'How late the event loop turned in the last second, on the mean.',
  },
  roomrush_server_worker_cpu_ratio: {
    type: 'gauge',
    help: 'Share of its core that the busiest media worker took in the last second, as it says itself; 1 where it did not answer, NaN without media.',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;
