// The client of the package ws, unmodified. The simulator plays what each test needs, so no key is used.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import WebSocket from 'ws';

const url = process.env.SLUICE_URL ?? 'http://127.0.0.1:8080';
const key = process.env.SLUICE_API_KEY;
const address = `${url.replace(/^http/, 'ws')}/v1/ws`;
const start = (script, more = {}) => ({
  type: 'start', model: 'demo', messages: [{ role: 'user', content: 'Hello' }],
  sluice: { simulate: { first_ms: 0, interval_ms: 1, ...script } }, ...more,
});

/** An open socket whose messages can be awaited one by one. */
const open = async (path = '', protocols = [], options = {}) => {
  const socket = new WebSocket(address + path, protocols, { headers: key ? { 'x-api-key': key } : {}, ...options });
  const messages = [];
  let wake = () => {};
  socket.on('message', (data, binary) => {
    messages.push({ ...JSON.parse(data), binary });
    wake();
  });
  await once(socket, 'open');
  const next = async (type) => {
    for (;;) {
      while (messages.length > 0) {
        const message = messages.shift();
        if (!type || message.type === type) return message;
      }
      await new Promise((resolve) => { wake = resolve; });
    }
  };
  const send = (message) => socket.send(JSON.stringify(message));
  return { socket, next, send };
};

test('one socket carries several streams', { timeout: 20_000 }, async () => {
  const { socket, next, send } = await open();
  send(start({ chunks: 20 }, { stream_id: `ws-a-${process.pid}` }));
  send(start({ chunks: 20 }, { stream_id: `ws-b-${process.pid}` }));
  const texts = {};
  const finals = {};
  while (Object.keys(finals).length < 2) {
    const { type, stream_id: id, data } = await next();
    if (type === 'chunk') texts[id] = (texts[id] ?? '') + data.content;
    if (type === 'complete') finals[id] = data.final_response;
  }
  assert.deepEqual(texts, finals);
  socket.terminate();
});

test('a stream goes on on another socket where the first one broke', { timeout: 20_000 }, async () => {
  const first = await open();
  const id = `ws-resume-${process.pid}`;
  first.send(start({ chunks: 60, interval_ms: 10 }, { stream_id: id, on_disconnect: 'grace' }));
  let text = '';
  let offset = 0;
  for (let i = 0; i < 5; i++) {
    const event = await first.next('chunk');
    text += event.data.content;
    offset = event.offset;
  }
  first.socket.terminate();
  const second = await open();
  second.send({ type: 'subscribe', stream_id: id, offset: offset + 1 });
  for (let event = await second.next(); ; event = await second.next()) {
    if (event.type === 'chunk') text += event.data.content;
    if (event.type === 'complete') {
      assert.equal(text, event.data.final_response);
      break;
    }
  }
  second.socket.terminate();
});

test('an abort ends a stream and leaves the socket open', { timeout: 20_000 }, async () => {
  const { socket, next, send } = await open();
  send(start({ chunks: 3000, interval_ms: 20 }));
  const { stream_id: id } = await next('started');
  await next('chunk');
  send({ type: 'abort', stream_id: id });
  assert.equal((await next('error')).data.code, 'CANCELLED');
  send({ type: 'ping', data: 'still here' });
  assert.equal((await next('pong')).data, 'still here');
  socket.terminate();
});

test('a window holds events back until they are acknowledged', { timeout: 20_000 }, async () => {
  const { socket, next, send } = await open();
  send(start({ chunks: 5 }, { window: 1 }));
  const { stream_id: id } = await next('started');
  let expected = 0;
  for (let event = await next(); ; event = await next()) {
    assert.equal(event.offset, expected++);
    if (event.type === 'complete') break;
    send({ type: 'ack', stream_id: id, offset: event.offset });
  }
  socket.terminate();
});

test('binary frames, the subprotocol, and a close in good order', { timeout: 20_000 }, async () => {
  const { socket, next, send } = await open('?frames=binary', ['sluice.v1']);
  assert.equal(socket.protocol, 'sluice.v1');
  assert.equal(socket.extensions, '', 'compression is off by default');
  send({ type: 'ping' });
  assert.equal((await next('pong')).binary, true);
  const closed = once(socket, 'close');
  socket.close(1000);
  assert.equal((await closed)[0], 1000);
});

test('a page of another origin is refused with the error object', { timeout: 20_000 }, async () => {
  const socket = new WebSocket(address, { origin: 'https://evil.example' });
  const [request, response] = await once(socket, 'unexpected-response');
  assert.equal(response.statusCode, 403);
  let body = '';
  for await (const part of response) body += part;
  assert.equal(JSON.parse(body).error.code, 'FORBIDDEN');
  request.destroy(); // The package leaves the connection open.
});
