// The AI SDK with its OpenAI provider, unmodified: only its base URL points at Sluice, and a fetch adds the simulator's script.
// Every major version that is in use, with both ways to ask: the provider's default, which is the Responses API, and chat.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import * as ai5 from 'ai5';
import * as ai6 from 'ai6';
import * as ai7 from 'ai7';
import { createOpenAI as openai5 } from 'ai5-openai';
import { createOpenAI as openai6 } from 'ai6-openai';
import { createOpenAI as openai7 } from 'ai7-openai';

const url = process.env.SLUICE_URL ?? 'http://127.0.0.1:8080';
const apiKey = process.env.SLUICE_API_KEY ?? 'none';

// Each call is played by the next of the scripts; what was sent and what came back are kept.
const provider = (createOpenAI, ...scripts) => {
  const calls = [];
  const fetchPlayed = async (address, init) => {
    const request = JSON.parse(init.body);
    const script = scripts[Math.min(calls.length, scripts.length - 1)];
    const call = { request };
    calls.push(call);
    const sluice = { simulate: { first_ms: 0, interval_ms: 1, ...script } };
    call.response = await fetch(address, { ...init, body: JSON.stringify({ ...request, sluice }) });
    return call.response;
  };
  return { openai: createOpenAI({ baseURL: `${url}/v1`, apiKey, fetch: fetchPlayed }), calls };
};
const collect = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
};
const silent = { onError: () => {}, maxRetries: 0 };

before(async () => {
  const ready = await fetch(`${url}/q/health/ready`).catch((error) => error);
  assert.equal(ready.status, 200, `no gateway is ready at ${url}`);
});

for (const [ai, createOpenAI, major] of [[ai5, openai5, 5], [ai6, openai6, 6], [ai7, openai7, 7]]) {
  const { generateText, jsonSchema, stepCountIs, streamText, tool } = ai;
  const weather = (execute) => ({
    get_weather: tool({
      description: 'The weather of a city',
      inputSchema: jsonSchema({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }),
      execute,
    }),
  });

  for (const [form, model] of [['responses', (openai) => openai('demo')], ['chat', (openai) => openai.chat('demo')]]) {
    const check = (name, body) => test(`ai ${major}, ${form}: ${name}`, body);

    check('a whole answer has text, usage and a finish reason', async () => {
      const { openai } = provider(createOpenAI, { chunks: 5 });
      const { text, usage, finishReason } = await generateText({ model: model(openai), prompt: 'Hello', ...silent });
      assert.ok(text);
      assert.equal(usage.outputTokens, 5);
      assert.equal(finishReason, 'stop');
    });

    check('a streamed answer arrives in pieces and has the same text', async () => {
      const { openai } = provider(createOpenAI, { chunks: 5 });
      const whole = await generateText({ model: model(openai), prompt: 'Hello' });
      const result = streamText({ model: model(openai), prompt: 'Hello', ...silent });
      const pieces = await collect(result.textStream);
      assert.equal(pieces.filter(Boolean).length, 5);
      assert.equal(pieces.join(''), whole.text);
      assert.equal(await result.finishReason, 'stop');
      assert.equal((await result.usage).outputTokens, 5);
    });

    check('a tool runs, and its result leads to the answer', async () => {
      const { openai, calls } = provider(createOpenAI, { chunks: 2, reasoning: 2, tool_call: true }, { chunks: 3 });
      const cities = [];
      const result = streamText({
        model: model(openai),
        prompt: 'Weather?',
        tools: weather(async ({ city }) => cities.push(city) && 'sunny'),
        stopWhen: stepCountIs(3),
        ...silent,
      });
      assert.ok(await result.text);
      assert.deepEqual(cities, ['Turin']);
      assert.equal(await result.finishReason, 'stop');
      assert.deepEqual((await result.steps).map((step) => step.finishReason), ['tool-calls', 'stop']);
      assert.match(JSON.stringify(calls[1].request), /sunny/);
    });

    check('a failure before the first piece has its status', async () => {
      const { openai } = provider(createOpenAI, { status: 429, retry_after: 3600 });
      const asked = generateText({ model: model(openai), prompt: 'Hello', maxRetries: 0 });
      await assert.rejects(asked, (error) => error.name === 'AI_APICallError' && error.statusCode === 429);
    });

    check('a failure amid the answer is an error after the text so far', async () => {
      const { openai } = provider(createOpenAI, { chunks: 20, die_after: 5 });
      const parts = await collect(streamText({ model: model(openai), prompt: 'Hello', ...silent }).fullStream);
      assert.equal(parts.filter((part) => part.type === 'text-delta').length, 5);
      const { error } = parts.find((part) => part.type === 'error');
      assert.match(inspect(error), /break the connection/);
    });

    check('an abort amid the answer ends it at the gateway too', async () => {
      const { openai, calls } = provider(createOpenAI, { chunks: 1000, interval_ms: 20 });
      const abort = new AbortController();
      let seen = 0;
      const result = streamText({ model: model(openai), prompt: 'Hello', abortSignal: abort.signal, ...silent });
      for await (const part of result.fullStream) {
        if (part.type === 'text-delta' && ++seen === 3) abort.abort();
      }
      assert.equal(seen, 3);
      await setTimeout(500); // whoever reads before the gateway has noticed keeps the stream alive
      const id = calls[0].response.headers.get('x-stream-id');
      const stream = await fetch(`${url}/v1/streams/${id}`, { headers: { authorization: `Bearer ${apiKey}` } });
      assert.match((await stream.text()).trimEnd().split('\n').at(-1), /"code":"CANCELLED"/);
    });
  }

  test(`ai ${major}, responses: thinking ends before the text begins`, async () => {
    const { openai } = provider(createOpenAI, { chunks: 3, reasoning: 3 });
    const parts = await collect(streamText({ model: openai('demo'), prompt: 'Hello', ...silent }).fullStream);
    const types = parts.map((part) => part.type);
    assert.ok(types.indexOf('reasoning-end') > 0);
    assert.ok(types.indexOf('reasoning-end') < types.indexOf('text-start'));
  });
}
