/** The connection against a real WebSocket server that says what the test wants. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { SignalConnection, type Traffic } from './connection.ts';

/** Everything that a connection tells, in order, and a way to wait for the next. */
function heard() {
  const said: string[] = [];
  let wake: () => void = () => {};
  const say = (what: string) => {
    said.push(what);
    wake();
  };
  const until = async (what: string) => {
    while (!said.includes(what)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const events = {
    onOpen: () => say('open'),
    onHead: (text: string) => say(`head ${text}`),
    onBroken: (why: string) => say(`broken ${why}`),
    onEnded: (how: string, code: string | null) => say(code === null ? how : `${how} ${code}`),
  };
  return { said, until, events };
}

async function scriptedServer(): Promise<{ readonly port: number; readonly peer: Promise<WebSocket> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/signal' });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  const peer = once(server, 'connection').then(([socket]) => socket as WebSocket);
  return { port: (server.address() as AddressInfo).port, peer };
}

function dial(port: number, localAddress: string | null = '127.0.0.9') {
  const traffic: Traffic = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
  const ear = heard();
  const target = { host: '127.0.0.1', port, authority: `127.0.0.1:${port}`, path: '/signal' };
  const connection = new SignalConnection(target, localAddress, ear.events, traffic, () => {}, 7);
  onTestFinished(() => connection.drop());
  return { connection, traffic, ...ear };
}

test('opens, sends, hears heads, skips presence and counts', async () => {
  const { port, peer } = await scriptedServer();
  const { connection, said, until, traffic } = dial(port);
  const [socket] = await Promise.all([peer, until('open')]);
  const received = once(socket, 'message');
  connection.send('a{"name":"名"}');
  expect(String((await received)[0])).toBe('a{"name":"名"}');
  socket.send('P{"kind":"joined"}');
  socket.send('S{"seat":1}\n[{"id":1}]');
  socket.send('P{"kind":"left"}');
  socket.send('B{"n":0}');
  await until('head B{"n":0}');
  expect(said).toEqual(['open', 'head S{"seat":1}', 'head B{"n":0}']);
  expect(traffic).toMatchObject({ messagesIn: 4, messagesOut: 1 });
});

test('answers a ping, and a close of the server', async () => {
  const { port, peer } = await scriptedServer();
  const { until } = dial(port);
  const [socket] = await Promise.all([peer, until('open')]);
  const pong = once(socket, 'pong');
  socket.ping('hello');
  expect(String((await pong)[0])).toBe('hello');
  const closed = once(socket, 'close');
  socket.close(1001);
  expect((await closed)[0]).toBe(1000);
  await until('closed');
});

test('its own close is a clean one, and nothing is told afterwards', async () => {
  const { port, peer } = await scriptedServer();
  const { connection, said, until } = dial(port);
  const [socket] = await Promise.all([peer, until('open')]);
  const closed = once(socket, 'close');
  connection.close();
  expect((await closed)[0]).toBe(1000);
  expect(said).toEqual(['open']);
});

test('a cut is a reset for the server and an end for the listener, at once', async () => {
  const { port, peer } = await scriptedServer();
  const { connection, said, until } = dial(port);
  const [socket] = await Promise.all([peer, until('open')]);
  const closed = once(socket, 'close');
  socket.on('error', () => {});
  connection.cut();
  expect(said).toEqual(['open', 'closed']);
  expect((await closed)[0]).toBe(1006);
  expect(said).toEqual(['open', 'closed']);
});

test('a silent leaver answers nothing and stays until it is dropped, even when the server hangs up', async () => {
  const { port, peer } = await scriptedServer();
  const { connection, said, until } = dial(port);
  const [socket] = await Promise.all([peer, until('open')]);
  connection.silence();
  let answers = 0;
  const raw = (socket as unknown as { readonly _socket: Socket })._socket;
  raw.on('data', () => answers++);
  let isOver = false;
  raw.on('close', () => {
    isOver = true;
  });
  socket.ping();
  socket.send('E{"cause":"heartbeat-missed","ticket":null,"heldForMs":null}');
  connection.send('b{"n":1}');
  raw.end();
  await once(raw, 'finish');
  // A second connection makes its whole round trip: the first had time to answer, had it wanted to.
  const other = dial(port);
  await other.until('open');
  expect({ answers, isOver, said }).toEqual({ answers: 0, isOver: false, said: ['open'] });
  const freed = once(raw, 'close');
  connection.drop();
  await freed;
});

test('a server that refuses, hangs up or speaks something else', async () => {
  const listening = async (server: Server | ReturnType<typeof createTcpServer>) => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const busy = createServer();
  busy.on('upgrade', (_, socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'));
  const mute = createTcpServer((socket) => socket.end());
  const liar = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: nonsense\r\n\r\n');
  });
  for (const server of [busy, mute, liar]) {
    onTestFinished(() => void server.close());
    const { until, said } = dial(await listening(server));
    await until('refused');
    expect(said).toEqual(['refused']);
  }
});

test('nobody listens', async () => {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const { until, said } = dial(port);
  await until('refused ECONNREFUSED');
  expect(said).toEqual(['refused ECONNREFUSED']);
});
