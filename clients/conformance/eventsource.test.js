// An EventSource as browsers have it: it follows a stream, comes back by itself where it was when its connection breaks, and
// stays away once it has read everything.
import assert from 'node:assert/strict';
import net from 'node:net';
import { before, describe, test } from 'node:test';
import { EventSource } from 'eventsource';

const url = new URL(process.env.SLUICE_URL ?? 'http://127.0.0.1:8080');
const headers = { authorization: `Bearer ${process.env.SLUICE_API_KEY ?? 'none'}` };

before(async () => {
  const ready = await fetch(new URL('/q/health/ready', url)).catch((error) => error);
  assert.equal(ready.status, 200, `no gateway is ready at ${url}`);
});

const start = async (script) => {
  const response = await fetch(new URL('/v1/streams', url), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({
      model: 'demo',
      messages: [{ role: 'user', content: 'Hello' }],
      sluice: { simulate: { first_ms: 0, ...script } },
    }),
  });
  assert.equal(response.status, 202);
  return (await response.json()).stream_id;
};

/** A wire to the gateway that breaks the first connections after so many bytes of the answer. */
const wire = async (t, ...breakAfter) => {
  const sockets = new Set();
  const server = net.createServer((client) => {
    let left = breakAfter.shift() ?? Infinity;
    const gateway = net.connect(Number(url.port), url.hostname);
    const end = () => {
      client.destroy();
      gateway.destroy();
    };
    for (const socket of [client, gateway]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.on('data', (bytes) => gateway.write(bytes));
    gateway.on('data', (bytes) => {
      client.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left <= 0) setImmediate(end);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
};

/** Reads until the source gives up for good, and returns what it got and the positions from which it asked. */
const readAll = (address) =>
  new Promise((resolve) => {
    const events = [];
    const asked = [];
    const statuses = [];
    const source = new EventSource(address, {
      fetch: async (input, init) => {
        asked.push(new Headers(init.headers).get('last-event-id'));
        const response = await fetch(input, { ...init, headers: { ...init.headers, ...headers } });
        statuses.push(response.status);
        return response;
      },
    });
    source.onmessage = (event) => events.push(event);
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) resolve({ events, asked, statuses });
    };
  });

const standardText = (events) =>
  events.map((event) => JSON.parse(event.data)).filter((event) => event.type === 'chunk').map((event) => event.data.content).join('');
const textIn = {
  standard: standardText,
  'legacy-json': (events) => events.map((event) => JSON.parse(event.data).chunk ?? '').join(''),
  text: (events) => events.map((event) => event.data).join(''),
};
const finalResponse = async (id) => {
  const body = await (await fetch(new URL(`/v1/streams/${id}`, url), { headers })).text();
  return JSON.parse(body.trimEnd().split('\ndata: ').at(-1)).data.final_response;
};

describe('an EventSource', { concurrency: true }, () => {
  for (const format of Object.keys(textIn)) {
    test(`follows a stream in the format ${format}, comes back where it was, and stays away at the end`, async (t) => {
      const id = await start({ chunks: 80, interval_ms: 10 });
      const address = `${await wire(t, 900, 800)}/v1/streams/${id}?format=${format}`;
      const { events, asked, statuses } = await readAll(address);

      assert.equal(textIn[format](events), await finalResponse(id));
      assert.deepEqual(statuses, [200, 200, 200, 204]);
      assert.equal(asked[0], null);
      assert.ok(Number(asked[1]) > 0 && Number(asked[2]) > Number(asked[1]) && Number(asked[3]) > Number(asked[2]), `asked from ${asked}`);
      const ids = events.map((event) => Number(event.lastEventId));
      assert.ok(ids.every((position, i) => i === 0 || position > ids[i - 1]), 'nothing comes twice');
    });
  }

  test('gets every event of the standard format exactly once', async (t) => {
    const id = await start({ chunks: 30, interval_ms: 5 });
    const { events } = await readAll(`${await wire(t, 1_234)}/v1/streams/${id}`);
    assert.deepEqual(events.map((event) => JSON.parse(event.data).offset), events.map((_, i) => i));
    assert.equal(JSON.parse(events.at(-1).data).type, 'complete');
  });

  test('is told of a failure and stays away after it', async (t) => {
    const id = await start({ chunks: 30, interval_ms: 1, die_after: 3 });
    const { events, statuses } = await readAll(`${await wire(t)}/v1/streams/${id}`);
    assert.equal(JSON.parse(events.at(-1).data).type, 'error');
    assert.deepEqual(statuses, [200, 204]);
  });
});
