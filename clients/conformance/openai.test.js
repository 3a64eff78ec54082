// The official OpenAI client, unmodified: only its base URL points at Sluice. Each test states one thing on which its users
// rely. The simulator plays what each test needs, so no key is used.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import OpenAI, { APIError, BadRequestError, InternalServerError, NotFoundError, RateLimitError } from 'openai';

const url = process.env.SLUICE_URL ?? 'http://127.0.0.1:8080';
// The client's own retries are off, so that each test sees the first answer.
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: process.env.SLUICE_API_KEY ?? 'none', maxRetries: 0, timeout: 20_000 });
const messages = [{ role: 'user', content: 'Hello' }];
const simulate = (script) => ({ model: 'demo', messages, sluice: { simulate: { first_ms: 0, interval_ms: 1, ...script } } });

const collect = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
};
const textOf = (chunks) => chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');

before(async () => {
  const ready = await fetch(`${url}/q/health/ready`).catch((error) => error);
  assert.equal(ready.status, 200, `no gateway is ready at ${url}`);
});

test('a streamed answer arrives in pieces and finishes', async () => {
  const chunks = await collect(await client.chat.completions.create({ ...simulate({ chunks: 12 }), stream: true }));
  assert.equal(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length, 12);
  assert.equal(chunks[0].choices[0].delta.role, 'assistant');
  assert.equal(new Set(chunks.map((chunk) => chunk.id)).size, 1);
  assert.ok(chunks.every((chunk) => chunk.object === 'chat.completion.chunk' && chunk.model === 'demo'));
  assert.deepEqual(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean), ['stop']);
});

test('a non-streamed answer has the same text', async () => {
  const request = simulate({ chunks: 12 });
  const whole = await client.chat.completions.create(request);
  const chunks = await collect(await client.chat.completions.create({ ...request, stream: true }));
  assert.equal(whole.object, 'chat.completion');
  assert.equal(whole.choices[0].message.role, 'assistant');
  assert.equal(whole.choices[0].finish_reason, 'stop');
  assert.ok(whole.usage.completion_tokens > 0);
  assert.equal(whole.choices[0].message.content, textOf(chunks));
});

test('the accumulating helper accepts the stream', async () => {
  const stream = client.chat.completions.stream({ ...simulate({ chunks: 5 }), stream_options: { include_usage: true } });
  const completion = await stream.finalChatCompletion();
  assert.ok(completion.choices[0].message.content);
  assert.equal(completion.usage.total_tokens, completion.usage.prompt_tokens + completion.usage.completion_tokens);
});

test('usage comes once, without choices, and only when it was asked for', async () => {
  const request = { ...simulate({ chunks: 3 }), stream: true };
  const silent = await collect(await client.chat.completions.create(request));
  assert.ok(silent.every((chunk) => !chunk.usage));
  const asked = await collect(await client.chat.completions.create({ ...request, stream_options: { include_usage: true } }));
  assert.deepEqual(asked.filter((chunk) => chunk.usage).map((chunk) => chunk.choices), [[]]);
});

test('every answer names its stream', async () => {
  const { data, response } = await client.chat.completions.create({ ...simulate({ chunks: 1 }), stream: true }).withResponse();
  await collect(data);
  assert.ok(response.headers.get('x-stream-id'));
});

test('a streamed tool call joins to valid JSON', async () => {
  const completion = await client.chat.completions.stream(simulate({ chunks: 0, tool_call: true })).finalChatCompletion();
  const [choice] = completion.choices;
  assert.equal(choice.finish_reason, 'tool_calls');
  const [call] = choice.message.tool_calls;
  assert.equal(call.type, 'function');
  assert.equal(call.function.name, 'get_weather');
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Turin' });
});

test('a non-streamed tool call is whole', async () => {
  const completion = await client.chat.completions.create(simulate({ chunks: 0, tool_call: true }));
  const [call] = completion.choices[0].message.tool_calls;
  assert.ok(call.id);
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Turin' });
});

test('the list of models holds demo', async () => {
  const ids = (await collect(await client.models.list())).map((model) => model.id);
  assert.ok(ids.includes('demo'), `only ${ids}`);
  assert.equal((await client.models.retrieve('demo')).object, 'model');
});

test('an unknown model is a NotFoundError', async () => {
  const asked = client.chat.completions.create({ model: 'no-such-model', messages, stream: true });
  await assert.rejects(asked, (error) => error instanceof NotFoundError && error.status === 404 && Boolean(error.code));
});

test('a request that cannot be meant is a BadRequestError', async () => {
  const asked = client.chat.completions.create({ model: 'demo', messages: [], stream: true });
  await assert.rejects(asked, (error) => error instanceof BadRequestError && error.status === 400);
});

test('a provider that refuses us is not the fault of the caller’s key', async () => {
  const asked = client.chat.completions.create({ ...simulate({ status: 401 }), stream: true });
  await assert.rejects(asked, (error) => error instanceof InternalServerError && error.status === 502);
});

test('a provider’s long rate limit is a RateLimitError with a Retry-After', async () => {
  const asked = client.chat.completions.create({ ...simulate({ status: 429, retry_after: 3600 }), stream: true });
  await assert.rejects(asked, (error) => error instanceof RateLimitError && Number(error.headers.get('retry-after')) > 0);
});

test('a failure amid the answer is an APIError after the text so far', async () => {
  const stream = await client.chat.completions.create({ ...simulate({ chunks: 20, die_after: 5 }), stream: true });
  const chunks = [];
  await assert.rejects(async () => {
    for await (const chunk of stream) chunks.push(chunk);
  }, (error) => error instanceof APIError && Boolean(error.code));
  assert.equal(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length, 5);
});

test('an abort amid the answer ends it quietly, and the next request is served', async () => {
  const stream = await client.chat.completions.create({ ...simulate({ chunks: 1000, interval_ms: 20 }), stream: true });
  let seen = 0;
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content && ++seen === 3) stream.controller.abort();
  }
  assert.equal(seen, 3);
  const next = await client.chat.completions.create(simulate({ chunks: 1 }));
  assert.ok(next.choices[0].message.content);
});
