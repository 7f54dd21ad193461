/**
 * Renders the protocol's reference page from the schemas, so that somebody else can write a server or a
 * client, and so that the page cannot fall behind the code.
 */
import { z } from 'zod';
import { serverConfigSchema } from '../config.ts';
import {
  EJECTION_CAUSES,
  type EjectionCause,
  ERROR_CODES,
  fingerprint,
  hallwayRoom,
  listenerMessages,
  profile,
  rtpOffer,
  rtpSink,
  serverMessages,
  user,
  webrtcOffer,
} from './messages.ts';
import { FROM_LISTENER, FROM_SERVER, PROTOCOL_VERSION } from './wire.ts';

const CAUSE_MEANING: Readonly<Record<EjectionCause, string>> = {
  'heartbeat-missed': 'Nothing was heard of the listener for the heartbeat timeout.',
  'pong-timeout': 'Seen by the listener: the server did not answer its heartbeats. Never sent.',
  'connection-lost': 'The socket broke or was closed without a bye. Never sent.',
  'media-lost': 'The media transport failed, or ICE consent ran out.',
  'slow-client': 'The listener left more unsent bytes than the bound. Rarely arrives, for that reason.',
  'protocol-error': 'Three strikes, or a frame above the size bound.',
  'room-closed': 'Everybody is out: the room was started anew and may be asked for again, or is no more.',
  'worker-died': 'The media worker ended; the room is rebuilt and the seat can be asked for again.',
  'server-restart': 'The server stops. The ticket is good at its successor.',
  displaced: 'The same person asked on another connection, which has the seat now.',
};

type JsonSchema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
};

/** Shapes that occur in several messages, each with a section of its own. */
const SHAPES = {
  User: user,
  Profile: profile,
  HallwayRoom: hallwayRoom,
  WebrtcOffer: webrtcOffer,
  RtpOffer: rtpOffer,
  Fingerprint: fingerprint,
  RtpSink: rtpSink,
};

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema) as JsonSchema & { $schema?: string };
  return rest;
}

/** What makes two shapes the same: everything but their description. */
function identity(schema: JsonSchema): string {
  return JSON.stringify({ ...schema, description: undefined });
}

const SHAPE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(SHAPES).map(([name, schema]) => [identity(jsonSchemaOf(schema)), name]),
);

function bounds(low: number | undefined, high: number | undefined, unit: string): string {
  const top = high === undefined || high === Number.MAX_SAFE_INTEGER ? undefined : high;
  if (low === undefined && top === undefined) return '';
  if (top === undefined) return ` from ${low}${unit}`;
  return low === undefined ? ` up to ${top}${unit}` : ` ${low} to ${top}${unit}`;
}

function typeOf(schema: JsonSchema): string {
  const shape = SHAPE_NAMES.get(identity(schema));
  if (shape !== undefined) return `[${shape}](#${shape.toLowerCase()})`;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeOf).join(' or ');
  switch (schema.type) {
    case 'array':
      return `list${bounds(schema.minItems, schema.maxItems, '')} of ${typeOf(schema.items ?? {})}`;
    case 'string':
      return schema.pattern === undefined
        ? `string${bounds(schema.minLength, schema.maxLength, ' characters')}`
        : `string like \`${schema.pattern.replaceAll('|', '\\|')}\``;
    case 'integer':
    case 'number': {
      const above = schema.exclusiveMinimum === undefined ? '' : ` above ${schema.exclusiveMinimum}`;
      return `${schema.type}${above || bounds(schema.minimum, schema.maximum, '')}`;
    }
    case 'object': {
      const fields = Object.entries(schema.properties ?? {});
      return `object of ${fields.map(([name, field]) => `${name} (${typeOf(field)})`).join(', ')}`;
    }
    default:
      return schema.type ?? 'anything';
  }
}

/** A field's own description, or that of the one part of it that has any. */
function meaningOf(schema: JsonSchema): string {
  return schema.description ?? schema.anyOf?.find((part) => part.description)?.description ?? '';
}

function fieldTable(schema: JsonSchema): string {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return 'No fields: `{}`.\n';
  const rows = fields.map(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : ' (optional)';
    return `| \`${name}\`${optional} | ${typeOf(field)} | ${meaningOf(field)} |`;
  });
  return `| field | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function messageSection(name: string, letter: string, schema: z.ZodType): string {
  const json = jsonSchemaOf(schema);
  const variants = json.oneOf ?? json.anyOf ?? [json];
  const tables = variants.map(fieldTable).join('\n');
  const meaning = json.description === undefined ? '' : `${json.description}\n\n`;
  return `### \`${letter}\` ${name}\n\n${meaning}${tables}`;
}

function messageSections(
  messages: Readonly<Record<string, z.ZodType>>,
  letters: Readonly<Record<string, string>>,
): string {
  return Object.entries(messages)
    .map(([name, schema]) => messageSection(name, letters[name]!, schema))
    .join('\n');
}

function meaningTable(header: string, meanings: Readonly<Record<string, string>>): string {
  const rows = Object.entries(meanings).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `| ${header} | meaning |\n|---|---|\n${rows.join('\n')}\n`;
}

/** The page `docs/reference/protocol.md`. */
export function protocolMarkdown(): string {
  const limits = serverConfigSchema.shape.limits.parse({});
  const shapes = Object.entries(SHAPES).map(
    ([name, schema]) => `### ${name}\n\n${fieldTable(jsonSchemaOf(schema))}`,
  );
  const causes = Object.fromEntries(EJECTION_CAUSES.map((cause) => [cause, CAUSE_MEANING[cause]]));
  return `# The signalling protocol, version ${PROTOCOL_VERSION}

Made by \`npm run docs\` from \`server/protocol\`. A listener speaks it over a WebSocket at \`/signal\`; the list of
rooms can also be had over HTTP at \`/hallway\` (the head of \`hallway\` as JSON), and \`/health\` answers 200 while the
server is alive. Neither is needed by a run.

## Frames

A frame is one WebSocket text message in UTF-8: one letter, a JSON object (the head) and, where a message has a
list of users, a newline and a second JSON value (the bulk). The letter is the first byte of the payload, so that
a client can skip a presence frame without parsing it; the bulk stands last, so that a client that shows no
audience need not read it. There is no compression. Unknown fields of a head are an error on both sides.

    a{"v":1,"personId":7,"name":"Ada","attempt":1,"room":"main","media":"none"}
    S{"room":"main","seat":3,...,"media":null}
    [{"id":7,"name":"Ada"}]

## The order of messages

1. **Hallway**, as often as one likes, at any time.
2. **Ask**, once. The answer is \`seated\`; or \`waiting\`, followed by further \`waiting\` as the position changes and
   by \`seated\` in the end; or \`full\`, after which the same connection may ask again; or \`error\`. An \`error\` about
   the ticket comes before the answer, and the ask goes on without the ticket. An ask may name a parallel room of
   the hallway's list; **open** opens a new one. Such a room has neither queue, tickets nor audio: the answer is
   \`seated\` with \`ticket\` and \`media\` null, or \`full\`, also when the room has closed meanwhile; a \`full\` that
   answers open may name any room. The list of users in \`seated\` has the newcomer in it. Somebody who asks without a
   good ticket gives up the seat or the place that they had; their older connection, if there is one, is ended.
3. A listener who asked for media sends **connect** once after \`seated\` and gets \`connected\`. With \`webrtc\` the
   server is ICE-lite and the DTLS server. With \`rtp\` there is neither: SRTP goes to the sink that connect names,
   which must be on a loopback address.
4. In the seat: \`presence\` whenever it comes, **roster** for further pages of the audience, \`moved\` when the seat
   is now in another room. A \`moved\` without media changes the membership only: the transport stays as it is.
   **Profile** asks who somebody in the same room is; **hand** raises one's hand or lowers it, as often as one
   likes, and is answered by how many are raised. A raised hand moves with its owner to another room.
5. **Heartbeat** at an interval well below the server's timeout, from the first second of the connection on and in
   every state. Every frame counts as a sign of life.
6. **Bye** from a seat or from the queue; the server answers \`bye\` and closes. A server that takes a waiting or
   joining connection away, because the same person asked on another, says \`bye\` too.

\`ejected\` may come at any time in the seat and is the last frame. A listener who is ejected, or whose connection
is lost, comes back by dialling and asking anew with the newest ticket it has: while the seat is held, the answer is
\`seated\` with \`resumed\` true and the same number. A waiting listener comes back to its place in the same way with
the ticket of its first \`waiting\`. A ticket can be used once; each answer to a used ticket brings a new one.
\`attempt\` counts up with every ask.

## Rules

- **Size**: a frame from a listener of more than ${limits.frameBytesMax} bytes (unless configured otherwise) closes the
  connection with 1009.
- **Strikes**: \`bad-frame\`, \`bad-json\`, \`unknown-type\` and \`bad-message\` count. With the third the server says
  \`three-strikes\` and closes the connection with 1008; a seat is lost with the cause \`protocol-error\`.
- **Slow clients**: a listener with more than ${limits.slowClientBytesMax} unsent bytes at the server (unless configured
  otherwise) is dropped with the cause \`slow-client\`. This is looked at after each frame sent to it.
- **Silence**: a connection on which nothing arrived for the heartbeat timeout (the night's \`server.heartbeatMissedMs\`;
  its listeners send every \`client.heartbeatMs\`) is closed: a seat is lost with the
  cause \`heartbeat-missed\`, a place in the queue is kept for the life of its ticket and passed over meanwhile.
- **Too many connections**: beyond ${limits.connectionsMax} (unless configured otherwise) the upgrade is answered with 503.
- **Versions**: the ask carries the version of the protocol. A server that does not speak it answers
  \`unsupported-version\`; the connection stays open for another ask. Any change that a strict reader of the
  present version would refuse gets a new number.

## From the listener

${messageSections(listenerMessages, FROM_LISTENER)}
## From the server

${messageSections(serverMessages, FROM_SERVER)}
## Shapes

${shapes.join('\n')}
## Error codes

${meaningTable('code', ERROR_CODES)}
## Causes of an ejection

${meaningTable('cause', causes)}`;
}
