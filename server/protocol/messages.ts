/**
 * The shape of every message between a listener and a server, as zod schemas. Everything that arrives from
 * outside goes through one of these; `docs/reference/protocol.md` is generated from them.
 */
import { z } from 'zod';
import { FROM_LISTENER, FROM_SERVER, PROTOCOL_VERSION } from './wire.ts';

/** Why a listener lost a seat without wanting to. */
export const EJECTION_CAUSES = [
  'heartbeat-missed',
  'pong-timeout',
  'connection-lost',
  'media-lost',
  'slow-client',
  'protocol-error',
  'room-closed',
  'worker-died',
  'server-restart',
  'displaced',
] as const;
export type EjectionCause = (typeof EJECTION_CAUSES)[number];

/** Codes of the error message, each with what it means. */
export const ERROR_CODES = {
  'bad-frame': 'The payload is empty, binary or not UTF-8 text.',
  'bad-json': 'The head is not a JSON object.',
  'unknown-type': 'The first letter names no message.',
  'bad-message': 'The head does not have the shape that its letter asks for.',
  'wrong-state': 'The message is known but makes no sense now (a connect without a seat, a second ask).',
  'unsupported-version': 'The ask (or open) names a version of the protocol that this server does not speak.',
  'unknown-room': 'The ask names a room that does not exist.',
  'ticket-malformed':
    'The ticket is not one of ours or a byte of it was changed. The ask goes on without it.',
  'ticket-expired': 'The ticket has run out. The ask goes on without it.',
  'ticket-foreign': 'The ticket was given to another person. The ask goes on without it.',
  'ticket-replayed': 'The ticket was used before. The ask goes on without it.',
  'three-strikes': 'The third unknown or malformed message: the server closes the connection.',
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

const roomId = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/)
  .describe('room id: a-z, 0-9 and -, at most 32 characters');
const personId = z
  .int()
  .min(0)
  .max(0xffff_ffff)
  .describe('who: chosen by the listener, the same in every attempt');
const ticket = z
  .string()
  .min(1)
  .max(512)
  .describe('signed right to a seat or to a place in the queue; opaque to the listener');
const milliseconds = z.number().min(0);
const count = z.int().min(0);

export const user = z.strictObject({ id: personId, name: z.string().max(64) });
export type User = z.infer<typeof user>;

/** What somebody shows of themselves. Lists of users carry names only: whoever wants more asks for it. */
export const profile = z.strictObject({
  handle: z
    .string()
    .regex(/^[a-z0-9_.]{1,32}$/)
    .describe('name that nobody else has'),
  bio: z.string().max(160),
  avatar: z
    .string()
    .max(1024)
    .regex(/^data:image\/svg\+xml;base64,[A-Za-z0-9+/]+={0,2}$/)
    .describe('a picture as a data URI of at most 1024 characters'),
  locale: z
    .string()
    .max(16)
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/)
    .describe('language of its owner, a BCP 47 tag of at most 16 characters'),
});
export type Profile = z.infer<typeof profile>;
const shownProfile = profile.optional().describe('shown to those who ask for it in the room');

export const fingerprint = z.strictObject({
  algorithm: z.literal('sha-256'),
  value: z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
});

const ssrc = z.int().min(1).max(0xffff_ffff);
const port = z.int().min(1).max(65535);
const payloadType = z.int().min(0).max(127);
const channels = z.int().min(1).max(2);
const frameMs = z.number().positive().describe('length of one Opus frame');
/** Master key and salt of AES_CM_128_HMAC_SHA1_80 (RFC 4568, 6.2): 30 bytes. */
const srtpKeyBase64 = z.base64().length(40);

/** The server is ICE-lite, the listener the DTLS client. */
export const webrtcOffer = z.strictObject({
  kind: z.literal('webrtc'),
  iceUfrag: z.string().min(4).max(256),
  icePwd: z.string().min(22).max(256),
  candidates: z
    .array(
      z.strictObject({
        foundation: z.string(),
        priority: count,
        ip: z.string(),
        port,
        protocol: z.literal('udp'),
      }),
    )
    .min(1)
    .max(8),
  fingerprint,
  mid: z.string().min(1).max(16),
  ssrc,
  cname: z.string().min(1).max(64),
  payloadType,
  clockRateHz: z.literal(48000),
  channels,
  frameMs,
});
export type WebrtcOffer = z.infer<typeof webrtcOffer>;

/** SRTP to an address that the listener names in connect: no ICE and no DTLS. Nothing is sent before that. */
export const rtpOffer = z.strictObject({
  kind: z.literal('rtp'),
  ssrc,
  payloadType,
  clockRateHz: z.literal(48000),
  channels,
  frameMs,
  cryptoSuite: z.literal('AES_CM_128_HMAC_SHA1_80'),
  srtpKeyBase64: srtpKeyBase64.describe("the server's own key and salt, with which a sink could decrypt"),
});
export type RtpOffer = z.infer<typeof rtpOffer>;

/** All that a listener needs to receive the host's audio, by the medium that it asked for. */
export const mediaOffer = z.discriminatedUnion('kind', [webrtcOffer, rtpOffer]);
export type MediaOffer = z.infer<typeof mediaOffer>;

/** Where a sink listens. Loopback only: no server may be made to send media at a stranger. */
export const rtpSink = z.strictObject({
  ip: z
    .ipv4()
    .regex(/^127\./)
    .describe('a loopback address'),
  port,
  srtpKeyBase64: srtpKeyBase64.describe('key and salt of what the sink would send'),
});

export const hallwayRoom = z.strictObject({
  room: roomId,
  title: z.string().max(128),
  kind: z.enum(['main', 'overflow', 'parallel']),
  listeners: count,
  seats: count.nullable().describe('null: without limit'),
});

/** Heads of the messages that a listener sends. */
export const listenerMessages = {
  hallway: z.strictObject({ personId: personId.optional() }).describe('Asks for the list of rooms.'),
  ask: z
    .strictObject({
      v: z.literal(PROTOCOL_VERSION).describe('version of the protocol'),
      personId,
      name: z.string().min(1).max(64),
      attempt: z.int().min(1).max(1_000_000).describe("counts this person's asks from 1"),
      room: roomId,
      media: z
        .enum(['none', 'webrtc', 'rtp'])
        .describe('whether the listener wants audio, and how; with audio it will send connect'),
      ticket: ticket.optional().describe('from an earlier waiting, seated or ejected'),
      profile: shownProfile,
    })
    .describe('Asks for a seat. Answered by waiting, seated, full, or error.'),
  open: z
    .strictObject({
      v: z.literal(PROTOCOL_VERSION).describe('version of the protocol'),
      personId,
      name: z.string().min(1).max(64),
      attempt: z.int().min(1).max(1_000_000).describe('counts with the asks'),
      title: z.string().min(1).max(128).describe('of the new room'),
      profile: shownProfile,
    })
    .describe(
      'Opens a parallel room and asks for its first seat. Answered by seated, by full when there may be no more of them, or by error.',
    ),
  connect: z
    .union([z.strictObject({ fingerprint }), z.strictObject({ sink: rtpSink })])
    .describe(
      "After seated or moved with media: the listener's DTLS certificate (webrtc) or where its sink listens (rtp). Answered by connected.",
    ),
  roster: z
    .strictObject({ room: roomId, page: count })
    .describe('Asks for one page of the audience of its own room.'),
  profile: z
    .strictObject({ id: personId })
    .describe('Asks who somebody is; from a seat, about anybody in the same room.'),
  hand: z
    .strictObject({ raised: z.boolean() })
    .describe('From a seat: raises the hand, or lowers it. It is down again when the seat ends.'),
  heartbeat: z
    .strictObject({ n: count })
    .describe('Sent at a fixed interval; answered by heartbeat with the same n.'),
  bye: z
    .strictObject({})
    .describe('The listener leaves of its own will. Answered by bye, then the server closes.'),
} as const;

/** Heads of the messages that a server sends. */
export const serverMessages = {
  hallway: z.strictObject({ rooms: z.array(hallwayRoom).max(1000) }),
  waiting: z
    .strictObject({
      ticket: ticket
        .nullable()
        .describe('first answer: the ticket; later updates: null, the first one stays good'),
      position: z.int().min(1).describe('1 is next'),
      estimatedWaitMs: milliseconds.nullable().describe('null: not known yet'),
      ticketLifeMs: milliseconds.describe('how long the ticket outlives the connection'),
    })
    .describe(
      'In the queue. Sent once as an answer and again as the position changes; seated follows by itself.',
    ),
  seated: z
    .strictObject({
      room: roomId,
      seat: z.int().min(1).describe('number of the seat; a resumed seat keeps it'),
      resumed: z.boolean().describe('true: the held seat of an ejected listener was taken again'),
      ticket: ticket
        .nullable()
        .describe('right to this seat after an ejection; null: this server holds none'),
      heldForMs: milliseconds.nullable(),
      listeners: count,
      rosterPages: count.describe(
        'pages to be had by roster beyond the bulk of this message; 0: the bulk is all',
      ),
      media: mediaOffer.nullable(),
    })
    .describe('A seat. Bulk: the audience as a list of users, whole or its first page.'),
  connected: z
    .strictObject({})
    .describe('The server knows where to: audio flows, with webrtc once ICE and DTLS are up.'),
  presence: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('joined'), listeners: count, user }),
      z.strictObject({ kind: z.literal('left'), listeners: count, user }),
      z.strictObject({
        kind: z.literal('batch'),
        listeners: count,
        joined: z.array(user).max(100),
        left: z.array(personId).max(100),
      }),
    ])
    .describe('Who came and went: one by one, or a count with a bounded sample of the changes.'),
  roster: z.strictObject({ room: roomId, page: count, pages: count }).describe('Bulk: one page of users.'),
  profile: z
    .strictObject({
      id: personId,
      name: z.string().max(64).nullable().describe('null: nobody of this id is in the room'),
      profile: profile.nullable().describe('null: nothing is known beyond the name, if that is'),
    })
    .describe('Answers profile.'),
  hand: z
    .strictObject({
      raised: z.boolean(),
      hands: count.describe('raised hands in the room, with this one'),
    })
    .describe('Answers hand.'),
  heartbeat: z.strictObject({ n: count }),
  moved: z
    .strictObject({
      room: roomId,
      seat: z.int().min(1),
      ticket: ticket.nullable(),
      heldForMs: milliseconds.nullable(),
      media: mediaOffer.nullable().describe('null: the audio goes on as it is, only the membership changes'),
    })
    .describe('The listener now sits in another room.'),
  ejected: z
    .strictObject({
      cause: z.enum(EJECTION_CAUSES),
      ticket: ticket.nullable().describe('right to the same seat while it is held'),
      heldForMs: milliseconds.nullable(),
    })
    .describe('The seat is lost; the connection closes.'),
  full: z
    .strictObject({
      room: roomId,
      retryAfterMs: milliseconds.nullable().describe('null: the server does not know'),
    })
    .describe('No seat and no queue.'),
  bye: z.strictObject({}),
  error: z.strictObject({
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
  }),
} as const;

export type ListenerMessageName = keyof typeof listenerMessages;
export type ServerMessageName = keyof typeof serverMessages;
export type ListenerMessage<N extends ListenerMessageName> = z.infer<(typeof listenerMessages)[N]>;
export type ServerMessage<N extends ServerMessageName> = z.infer<(typeof serverMessages)[N]>;
/** What a listener's side of the media answers to an offer: the head of connect. */
export type MediaAnswer = ListenerMessage<'connect'>;

/** From a letter to the message's name, for each side. */
export const listenerMessageByLetter: ReadonlyMap<string, ListenerMessageName> = new Map(
  (Object.keys(listenerMessages) as ListenerMessageName[]).map((name) => [FROM_LISTENER[name], name]),
);
export const serverMessageByLetter: ReadonlyMap<string, ServerMessageName> = new Map(
  (Object.keys(serverMessages) as ServerMessageName[]).map((name) => [FROM_SERVER[name], name]),
);
