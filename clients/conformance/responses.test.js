// The official OpenAI client with the Responses API, unmodified: only its base URL points at Sluice. Each test states one thing
// on which its users rely. The simulator plays what each test needs, so no key is used.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import OpenAI, { APIError, APIUserAbortError, BadRequestError, InternalServerError, NotFoundError, RateLimitError } from 'openai';
import { zodResponsesFunction } from 'openai/helpers/zod';
import { z } from 'zod';

const url = process.env.SLUICE_URL ?? 'http://127.0.0.1:8080';
const apiKey = process.env.SLUICE_API_KEY ?? 'none';
// The client's own retries are off, so that each test sees the first answer.
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, timeout: 20_000 });
const simulate = (script) => ({ model: 'demo', input: 'Hello', sluice: { simulate: { first_ms: 0, interval_ms: 1, ...script } } });

const collect = async (stream) => {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
};
const deltas = (events) => events.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta);

before(async () => {
  const ready = await fetch(`${url}/q/health/ready`).catch((error) => error);
  assert.equal(ready.status, 200, `no gateway is ready at ${url}`);
});

test('a streamed response arrives in pieces and completes', async () => {
  const events = await collect(await client.responses.create({ ...simulate({ chunks: 12 }), stream: true }));
  assert.equal(deltas(events).length, 12);
  assert.equal(events[0].type, 'response.created');
  assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
  const { response } = events.at(-1);
  assert.equal(response.status, 'completed');
  assert.equal(response.model, 'demo');
  assert.equal(response.output[0].content[0].text, deltas(events).join(''));
});

test('a non-streamed response has the same text', async () => {
  const request = simulate({ chunks: 12 });
  const whole = await client.responses.create(request);
  const events = await collect(await client.responses.create({ ...request, stream: true }));
  assert.equal(whole.object, 'response');
  assert.equal(whole.status, 'completed');
  assert.equal(whole.output_text, deltas(events).join(''));
  assert.equal(whole.usage.total_tokens, whole.usage.input_tokens + whole.usage.output_tokens);
  assert.equal(typeof whole.usage.output_tokens_details.reasoning_tokens, 'number');
});

test('the accumulating helper accepts thinking, text and a tool call', async () => {
  const stream = client.responses.stream(simulate({ chunks: 5, reasoning: 3, tool_call: true }));
  const snapshots = [];
  stream.on('response.output_text.delta', (event) => snapshots.push(event.snapshot));
  const response = await stream.finalResponse();
  assert.deepEqual(response.output.map((item) => item.type), ['reasoning', 'message', 'function_call']);
  assert.ok(response.output[0].summary[0].text);
  assert.equal(response.output_text, snapshots.at(-1));
  assert.deepEqual(JSON.parse(response.output[2].arguments), { city: 'Turin' });
});

test('a tool call is parsed, and its result may be sent back with it', async () => {
  const tools = [zodResponsesFunction({ name: 'get_weather', parameters: z.object({ city: z.string() }) })];
  const first = await client.responses.parse({ ...simulate({ chunks: 0, tool_call: true }), tools });
  const [call] = first.output;
  assert.equal(call.type, 'function_call');
  assert.deepEqual(call.parsed_arguments, { city: 'Turin' });
  const input = [{ role: 'user', content: 'Weather?' }, ...first.output, { type: 'function_call_output', call_id: call.call_id, output: 'sunny' }];
  const second = await client.responses.create({ ...simulate({ chunks: 2 }), tools, input });
  assert.ok(second.output_text);
});

test('an item of an answer that has just ended may be referred to', async () => {
  const first = await client.responses.create(simulate({ chunks: 2 }));
  const input = [{ type: 'item_reference', id: first.output[0].id }, { role: 'user', content: 'Go on' }];
  assert.ok((await client.responses.create({ ...simulate({ chunks: 2 }), input })).output_text);
});

test('the response repeats what it was asked with', async () => {
  const response = await client.responses.create({ ...simulate({ chunks: 1 }), instructions: 'Be brief.', temperature: 0.5, metadata: { a: 'b' } });
  assert.equal(response.instructions, 'Be brief.');
  assert.equal(response.temperature, 0.5);
  assert.deepEqual(response.metadata, { a: 'b' });
  assert.equal(response.error, null);
});

test('an unknown model is a NotFoundError', async () => {
  const asked = client.responses.create({ model: 'no-such-model', input: 'Hello', stream: true });
  await assert.rejects(asked, (error) => error instanceof NotFoundError && Boolean(error.code));
});

for (const [what, request] of [
  ['an earlier response', { previous_response_id: 'resp_1' }],
  ['a conversation', { conversation: 'conv_1' }],
  ['background work', { background: true }],
  ['a tool that runs at OpenAI', { tools: [{ type: 'web_search' }] }],
]) {
  test(`${what} is refused with the field’s name`, async () => {
    const asked = client.responses.create({ model: 'demo', input: 'Hello', ...request });
    const [field] = Object.keys(request);
    await assert.rejects(asked, (error) => error instanceof BadRequestError && error.param.startsWith(field));
  });
}

test('a provider that refuses us is not the fault of the caller’s key', async () => {
  const asked = client.responses.create({ ...simulate({ status: 401 }), stream: true });
  await assert.rejects(asked, (error) => error instanceof InternalServerError && error.status === 502);
});

test('a provider’s long rate limit is a RateLimitError with a Retry-After', async () => {
  const asked = client.responses.create(simulate({ status: 429, retry_after: 3600 }));
  await assert.rejects(asked, (error) => error instanceof RateLimitError && Number(error.headers.get('retry-after')) > 0);
});

test('a failure amid the answer is an APIError after the text so far', async () => {
  const stream = await client.responses.create({ ...simulate({ chunks: 20, die_after: 5 }), stream: true });
  const events = [];
  await assert.rejects(async () => {
    for await (const event of stream) events.push(event);
  }, (error) => error instanceof APIError && Boolean(error.code));
  assert.equal(deltas(events).length, 5);
});

test('a failure amid the answer rejects the helper’s final response', async () => {
  const stream = client.responses.stream(simulate({ chunks: 20, die_after: 5 }));
  await assert.rejects(stream.finalResponse(), APIError);
});

test('an abort amid the answer ends it at the gateway too', async () => {
  const { data, response } = await client.responses.create({ ...simulate({ chunks: 1000, interval_ms: 20 }), stream: true }).withResponse();
  let seen = 0;
  for await (const event of data) {
    if (event.type === 'response.output_text.delta' && ++seen === 3) data.controller.abort();
  }
  assert.equal(seen, 3);
  await setTimeout(500); // whoever reads before the gateway has noticed keeps the stream alive
  const stream = await fetch(`${url}/v1/streams/${response.headers.get('x-stream-id')}`, { headers: { authorization: `Bearer ${apiKey}` } });
  assert.match((await stream.text()).trimEnd().split('\n').at(-1), /"code":"CANCELLED"/);
});

test('an aborted helper says so', async () => {
  const stream = client.responses.stream(simulate({ chunks: 1000, interval_ms: 20 }));
  stream.once('response.output_text.delta', () => stream.abort());
  await assert.rejects(stream.finalResponse(), APIUserAbortError);
});
