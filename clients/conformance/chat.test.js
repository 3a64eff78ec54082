// The core of useChat, as Vercel's AI SDK ships it in versions 5, 6 and 7: its chat with its default transport, unmodified.
// React adds nothing to it but the drawing. The simulator plays what each test needs, so no key is used.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import * as ai5 from 'ai5';
import * as ai6 from 'ai6';
import * as ai7 from 'ai7';

const url = process.env.SLUICE_URL ?? 'http://127.0.0.1:8080';
const headers = { authorization: `Bearer ${process.env.SLUICE_API_KEY ?? 'none'}` };

/** What a framework's adapter keeps of a chat. */
class State {
  status = 'ready';
  error = undefined;
  #watchers = new Set();

  constructor(messages) {
    this.messages = messages;
  }

  pushMessage = (message) => this.#set([...this.messages, message]);
  popMessage = () => this.#set(this.messages.slice(0, -1));
  replaceMessage = (index, message) => this.#set(this.messages.with(index, structuredClone(message)));
  snapshot = (value) => structuredClone(value);

  #set(messages) {
    this.messages = messages;
    for (const watcher of this.#watchers) watcher();
  }

  until(satisfied) {
    return new Promise((resolve) => {
      const watcher = () => {
        if (satisfied(this.messages)) {
          this.#watchers.delete(watcher);
          resolve();
        }
      };
      this.#watchers.add(watcher);
      watcher();
    });
  }
}

const textOf = (message) => message.parts.filter((part) => part.type === 'text').map((part) => part.text).join('');
const answerHasText = (messages) => messages.at(-1)?.role === 'assistant' && textOf(messages.at(-1)).length > 0;

/** Makes the chat of one version. `script` is what the simulator plays. */
const chatOf = (ai, script, { id = randomUUID(), messages = [], fetch = globalThis.fetch, ...init } = {}) => {
  const state = new State(messages);
  const data = [];
  const transport = new ai.DefaultChatTransport({
    api: `${url}/api/chat`,
    headers,
    fetch,
    body: { model: 'demo', sluice: { simulate: { first_ms: 0, interval_ms: 1, ...script } } },
  });
  class Chat extends ai.AbstractChat {}
  const chat = new Chat({ id, state, transport, onData: (part) => data.push(part), ...init });
  return { chat, state, data };
};

const stopOnServer = (chat) => fetch(`${url}/api/chat/${encodeURIComponent(chat.id)}/stop`, { method: 'POST', headers });
const lastEventOf = async (streamId) => {
  const body = await (await fetch(`${url}/v1/streams/${streamId}`, { headers })).text();
  return JSON.parse(body.trimEnd().split('\ndata: ').at(-1));
};

before(async () => {
  const ready = await fetch(`${url}/q/health/ready`).catch((error) => error);
  assert.equal(ready.status, 200, `no gateway is ready at ${url}`);
});

for (const [version, ai] of Object.entries({ 'AI SDK 5': ai5, 'AI SDK 6': ai6, 'AI SDK 7': ai7 })) {
  describe(version, () => {
    test('a message is answered in one finished part, with its figures', async () => {
      const { chat, state, data } = chatOf(ai, { chunks: 12 });
      await chat.sendMessage({ text: 'Hello' });
      assert.equal(chat.status, 'ready', chat.error);
      const [question, answer] = state.messages;
      assert.equal(question.role, 'user');
      assert.equal(answer.role, 'assistant');
      assert.equal(answer.id, answer.metadata.streamId);
      assert.equal(answer.metadata.model, 'demo');
      assert.equal(answer.metadata.usage.outputTokens, 12);
      const parts = answer.parts.filter((part) => part.type === 'text');
      assert.equal(parts.length, 1);
      assert.equal(parts[0].state, 'done');
      assert.ok(answer.parts.every((part) => !part.type.startsWith('data-')), 'what is transient is no part');
      assert.deepEqual(data.map((part) => [part.type, part.data.phase]), [['data-gateway', 'streaming']]);
    });

    test('thinking comes as a part of its own before the text', async () => {
      const { chat, state } = chatOf(ai, { chunks: 3, reasoning: 4 });
      await chat.sendMessage({ text: 'Hello' });
      assert.equal(chat.status, 'ready', chat.error);
      const kinds = state.messages[1].parts.map((part) => part.type);
      assert.deepEqual(kinds.filter((kind) => kind !== 'step-start'), ['reasoning', 'text']);
      assert.ok(state.messages[1].parts.every((part) => part.type === 'step-start' || part.state === 'done'));
    });

    test('an answer without text is an empty message', async () => {
      const { chat, state } = chatOf(ai, { chunks: 0 });
      await chat.sendMessage({ text: 'Hello' });
      assert.equal(chat.status, 'ready', chat.error);
      assert.equal(textOf(state.messages[1]), '');
    });

    test('the result of a tool is answered within the message that called it', async () => {
      const script = { chunks: 2, tool_call: true };
      const calls = [];
      const { chat, state } = chatOf(ai, script, { onToolCall: ({ toolCall }) => void calls.push(toolCall) });
      await chat.sendMessage({ text: 'Weather?' });
      const call = state.messages[1].parts.find((part) => part.type === 'tool-get_weather');
      assert.equal(call.state, 'input-available');
      assert.deepEqual(call.input, { city: 'Turin' });
      assert.deepEqual(calls.map((made) => made.toolName), ['get_weather']);

      const { id } = state.messages[1];
      await (chat.addToolOutput ?? chat.addToolResult)({ tool: 'get_weather', toolCallId: call.toolCallId, output: { celsius: 21 } });
      await chat.sendMessage();
      assert.equal(chat.status, 'ready', chat.error);
      assert.equal(state.messages.length, 2);
      assert.equal(state.messages[1].id, id);
      assert.equal(state.messages[1].parts.filter((part) => part.type === 'step-start').length, 2);
    });

    test('stop, here and on the server, ends the provider’s work', async () => {
      const { chat, state } = chatOf(ai, { chunks: 1000, interval_ms: 20 });
      const sent = chat.sendMessage({ text: 'Hello' });
      await state.until(answerHasText);
      await Promise.all([chat.stop(), stopOnServer(chat)]);
      await sent;
      assert.equal(chat.status, 'ready', chat.error);
      const last = await lastEventOf(state.messages[1].metadata.streamId);
      assert.equal(last.data.code, 'CANCELLED');
      assert.equal((await stopOnServer(chat)).status, 204);
    });

    test('stop on the server alone ends the answer quietly', async () => {
      const { chat, state } = chatOf(ai, { chunks: 1000, interval_ms: 20 });
      const sent = chat.sendMessage({ text: 'Hello' });
      await state.until(answerHasText);
      await stopOnServer(chat);
      await sent;
      assert.equal(chat.status, 'ready', chat.error);
      assert.equal(state.messages[1].parts.at(-1).state, 'done');
    });

    test('the next message replaces an answer that was stopped here only', async () => {
      const { chat, state } = chatOf(ai, { chunks: 1000, interval_ms: 20 });
      const first = chat.sendMessage({ text: 'Hello' });
      await state.until(answerHasText);
      await chat.stop();
      await first;
      const { streamId } = state.messages[1].metadata;
      const second = chat.sendMessage({ text: 'Once more' }, { body: { sluice: { simulate: { chunks: 3, first_ms: 0 } } } });
      await second;
      assert.equal(chat.status, 'ready', chat.error);
      assert.equal(state.messages.length, 4);
      assert.equal((await lastEventOf(streamId)).data.code, 'CANCELLED');
    });

    test('a failure amid the answer is an error after the text so far', async () => {
      const { chat, state } = chatOf(ai, { chunks: 20, die_after: 5 });
      await chat.sendMessage({ text: 'Hello' });
      assert.equal(chat.status, 'error');
      assert.match(chat.error.message, /^[A-Z].*\.$/);
      assert.equal(textOf(state.messages[1]).trim().split(/\s+/).length, 5);
    });

    test('a rate limit is its status, and its message is for people', async () => {
      const { chat, state } = chatOf(ai, { status: 429, retry_after: 3600 });
      await chat.sendMessage({ text: 'Hello' });
      assert.equal(chat.status, 'error');
      assert.match(chat.error.message, /^[A-Z][^{}]{5,200}\.$/);
      assert.equal(state.messages.length, 1);
      if (ai === ai7) assert.equal(chat.error.statusCode, 429);
    });

    test('a retry before the answer is told', async () => {
      const { chat, data } = chatOf(ai, { chunks: 2, fail_first: 1 });
      await chat.sendMessage({ text: 'Hello' });
      assert.equal(chat.status, 'ready', chat.error);
      assert.deepEqual(data.map((part) => part.data.phase), ['retrying', 'streaming']);
    });

    test('a page that reloads gets the whole answer', async () => {
      const script = { chunks: 60, interval_ms: 20 };
      const page = chatOf(ai, script);
      const answered = page.chat.sendMessage({ text: 'Hello' });
      await page.state.until(answerHasText);

      const reloaded = chatOf(ai, script, { id: page.chat.id, messages: page.state.messages.slice(0, 1) });
      await reloaded.chat.resumeStream();
      await answered;
      assert.equal(reloaded.chat.status, 'ready', reloaded.chat.error);
      assert.deepEqual(reloaded.state.messages[1], page.state.messages[1]);
    });

    test('a page whose connection broke loses nothing', async () => {
      const connection = new AbortController();
      const broken = (input, init) => fetch(input, { ...init, signal: AbortSignal.any([init.signal, connection.signal].filter(Boolean)) });
      const script = { chunks: 60, interval_ms: 20 };
      const page = chatOf(ai, script, { fetch: broken });
      const answered = page.chat.sendMessage({ text: 'Hello' });
      await page.state.until(answerHasText);
      connection.abort();
      await answered;

      const { streamId } = page.state.messages[1].metadata;
      const reloaded = chatOf(ai, script, { id: page.chat.id, messages: page.state.messages.slice(0, 1) });
      await reloaded.chat.resumeStream();
      assert.equal(reloaded.chat.status, 'ready', reloaded.chat.error);
      assert.equal(textOf(reloaded.state.messages[1]), (await lastEventOf(streamId)).data.final_response);
    });

    test('where nothing runs there is nothing to resume', async () => {
      const { chat, state } = chatOf(ai, {});
      await chat.resumeStream();
      assert.equal(chat.status, 'ready', chat.error);
      assert.equal(state.messages.length, 0);
    });

    test('a regenerated answer takes the place of the first', async () => {
      const { chat, state } = chatOf(ai, { chunks: 3 });
      await chat.sendMessage({ text: 'Hello' });
      const { id } = state.messages[1];
      await chat.regenerate();
      assert.equal(chat.status, 'ready', chat.error);
      assert.equal(state.messages.length, 2);
      assert.notEqual(state.messages[1].id, id);
    });
  });
}
