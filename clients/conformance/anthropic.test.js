// The official Anthropic client, unmodified: only its base URL points at Sluice. Each test states one thing on which its users
// rely. The simulator plays what each test needs, so no key is used.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import Anthropic, {
  APIError, APIUserAbortError, AuthenticationError, BadRequestError, InternalServerError, NotFoundError, RateLimitError,
} from '@anthropic-ai/sdk';

const url = process.env.SLUICE_URL ?? 'http://127.0.0.1:8080';
// The client's own retries are off, so that each test sees the first answer.
const options = { baseURL: url, maxRetries: 0, timeout: 20_000 };
const client = new Anthropic({ ...options, apiKey: process.env.SLUICE_API_KEY ?? 'none' });
const prompt = { model: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
const simulate = (script) => ({ ...prompt, max_tokens: 500, sluice: { simulate: { first_ms: 0, interval_ms: 1, ...script } } });

// A minute, so that only an abort can end it in time.
const LONG = { chunks: 3000, interval_ms: 20 };

const collect = async (stream) => {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
};
const textOf = (events) => events.map((event) => event.delta?.text ?? '').join('');

const activeStreams = async () => {
  const metrics = await (await fetch(`${url}/q/metrics`)).text();
  return Number(/^sluice_streams_active(?:\{[^}]*\})? (\S+)$/m.exec(metrics)[1]);
};
// Other suites may have streams of their own, but none as long.
const untilNoneIsActive = async () => {
  const deadline = Date.now() + 15_000;
  while (await activeStreams() > 0) {
    assert.ok(Date.now() < deadline, 'the aborted stream still runs after 15 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

before(async () => {
  const ready = await fetch(`${url}/q/health/ready`).catch((error) => error);
  assert.equal(ready.status, 200, `no gateway is ready at ${url}`);
});

test('a streamed message arrives in pieces, from its start to its stop', async () => {
  const events = await collect(await client.messages.create({ ...simulate({ chunks: 12 }), stream: true }));
  assert.equal(events.filter((event) => event.delta?.type === 'text_delta').length, 12);
  assert.deepEqual(events.filter((event) => event.type !== 'content_block_delta').map((event) => event.type),
    ['message_start', 'content_block_start', 'content_block_stop', 'message_delta', 'message_stop']);
  assert.equal(events[0].message.model, 'demo');
  assert.equal(events.at(-2).delta.stop_reason, 'end_turn');
});

test('a whole message has the same text', async () => {
  const request = simulate({ chunks: 12 });
  const message = await client.messages.create(request);
  const events = await collect(await client.messages.create({ ...request, stream: true }));
  assert.equal(message.type, 'message');
  assert.equal(message.role, 'assistant');
  assert.equal(message.stop_reason, 'end_turn');
  assert.ok(message.usage.output_tokens > 0);
  assert.deepEqual(message.content, [{ type: 'text', text: textOf(events) }]);
});

test('the accumulating helper ends with the whole message and its usage', async () => {
  let heard = '';
  const stream = client.messages.stream(simulate({ chunks: 5 })).on('text', (delta) => { heard += delta; });
  const message = await stream.finalMessage();
  assert.equal(message.content[0].text, heard);
  assert.equal(await stream.finalText(), heard);
  const whole = await client.messages.create(simulate({ chunks: 5 }));
  assert.deepEqual(message.usage, whole.usage);
});

test('thinking has a block of its own before the text', async () => {
  const request = simulate({ chunks: 3, reasoning: 2 });
  const streamed = await client.messages.stream(request).finalMessage();
  const whole = await client.messages.create(request);
  assert.deepEqual(streamed.content.map((block) => block.type), ['thinking', 'text']);
  assert.deepEqual(streamed.content, whole.content);
});

test('a streamed tool call has its input, after the text', async () => {
  const message = await client.messages.stream(simulate({ chunks: 2, tool_call: true })).finalMessage();
  assert.equal(message.stop_reason, 'tool_use');
  assert.deepEqual(message.content.map((block) => block.type), ['text', 'tool_use']);
  assert.equal(message.content[1].name, 'get_weather');
  assert.deepEqual(message.content[1].input, { city: 'Turin' });
});

test('a whole tool call has its input, and its result can be sent back', async () => {
  const message = await client.messages.create(simulate({ chunks: 0, tool_call: true }));
  const [call] = message.content;
  assert.deepEqual(call.input, { city: 'Turin' });
  const next = await client.messages.create({
    ...simulate({ chunks: 1 }),
    tools: [{ name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }],
    tool_choice: { type: 'auto' },
    messages: [
      ...prompt.messages,
      { role: 'assistant', content: message.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: '21 °C' }] },
    ],
  });
  assert.ok(next.content[0].text);
});

test('an answer without content is a message without blocks', async () => {
  const message = await client.messages.stream(simulate({ chunks: 0 })).finalMessage();
  assert.deepEqual(message.content, []);
  assert.equal(message.stop_reason, 'end_turn');
});

test('every answer names its request', async () => {
  const { data, response, request_id: id } = await client.messages.create({ ...simulate({ chunks: 1 }), stream: true }).withResponse();
  await collect(data);
  assert.ok(id);
  assert.equal(id, response.headers.get('x-stream-id'));
  assert.ok((await client.messages.create(simulate({ chunks: 1 })))._request_id);
});

test('tokens are counted by a guess', async () => {
  const { input_tokens: few } = await client.messages.countTokens(prompt);
  const { input_tokens: more } = await client.messages.countTokens({ ...prompt, system: 'Be brief. '.repeat(100) });
  assert.ok(few > 0 && more > few + 200 && more < few + 400, `${few} and ${more}`);
});

test('an unknown model is a NotFoundError', async () => {
  const asked = client.messages.create({ ...prompt, max_tokens: 5, model: 'no-such-model', stream: true });
  await assert.rejects(asked, (error) => error instanceof NotFoundError && error.type === 'not_found_error'
    && error.errorCode === 'MODEL_NOT_FOUND' && Boolean(error.requestID));
});

test('a request that cannot be meant is a BadRequestError that names the field', async () => {
  const asked = client.messages.create({ ...prompt, max_tokens: 5, messages: [{ role: 'user', content: [{ type: 'text' }] }] });
  await assert.rejects(asked, (error) => error instanceof BadRequestError && error.message.includes('messages.0.content.0.text'));
});

test('a wrong key is an AuthenticationError', { skip: !process.env.SLUICE_API_KEY && 'everybody may call this gateway' }, async () => {
  const stranger = new Anthropic({ ...options, apiKey: 'sk-wrong' });
  await assert.rejects(stranger.messages.create(simulate({})), AuthenticationError);
});

test('a provider that refuses us is not the fault of the caller’s key', async () => {
  const asked = client.messages.create({ ...simulate({ status: 401 }), stream: true });
  await assert.rejects(asked, (error) => error instanceof InternalServerError && error.status === 502);
});

test('a provider’s long rate limit is a RateLimitError with a Retry-After', async () => {
  const asked = client.messages.create({ ...simulate({ status: 429, retry_after: 3600 }), stream: true });
  await assert.rejects(asked, (error) => error instanceof RateLimitError && error.type === 'rate_limit_error'
    && Number(error.headers.get('retry-after')) > 0);
});

test('a failure amid the answer is an APIError after the text so far', async () => {
  const request = simulate({ chunks: 20, die_after: 5 });
  const events = [];
  await assert.rejects(async () => {
    for await (const event of await client.messages.create({ ...request, stream: true })) events.push(event);
  }, (error) => error instanceof APIError && error.type === 'api_error');
  assert.equal(events.filter((event) => event.delta?.type === 'text_delta').length, 5);
  await assert.rejects(client.messages.stream(request).finalMessage(), APIError);
});

test('an abort amid the answer ends it quietly and ends the provider’s work', async () => {
  const stream = await client.messages.create({ ...simulate(LONG), stream: true });
  let seen = 0;
  for await (const event of stream) {
    if (event.delta?.type === 'text_delta' && ++seen === 3) stream.controller.abort();
  }
  assert.equal(seen, 3);
  await untilNoneIsActive();
});

test('an abort of the helper is an APIUserAbortError and ends the provider’s work', async () => {
  const stream = client.messages.stream(simulate(LONG));
  stream.once('text', () => stream.abort());
  await assert.rejects(stream.finalMessage(), APIUserAbortError);
  await untilNoneIsActive();
  const next = await client.messages.create(simulate({ chunks: 1 }));
  assert.ok(next.content[0].text);
});
