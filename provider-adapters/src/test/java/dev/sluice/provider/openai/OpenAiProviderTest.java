package dev.sluice.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.provider.openai.ScriptedServer.Request;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class OpenAiProviderTest {

    private static final OpenAiCaller CALLER = new OpenAiCaller();
    private static final String HELLO = """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}],"usage":null}

            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}],"usage":null}

            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"m-1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}

            data: [DONE]

            """;
    private static final Chunk[] HELLO_CHUNKS = {
        new Chunk.Started("chatcmpl-1", "m-1"),
        new Chunk.TextDelta("Hel"),
        new Chunk.TextDelta("lo"),
        new Chunk.UsageReported(TokenUsage.of(9, 2)),
        new Chunk.Finished(FinishReason.STOP)
    };

    @AfterAll
    static void close() {
        CALLER.close();
    }

    @Test
    void streamsAnAnswerInOrder() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.stream(HELLO))) {
            assertThat(CALLER.ask(server.baseUrl())).containsExactly(HELLO_CHUNKS);
        }
    }

    @Test
    void asksAsTheProtocolDemands() throws IOException, JsonProcessingException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.stream(HELLO))) {
            CALLER.ask(server.baseUrl());

            Request request = server.nextRequest();
            assertThat(request.head())
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .containsIgnoringCase("authorization: Bearer " + OpenAiCaller.KEY + "\r\n")
                    .containsIgnoringCase("content-type: application/json\r\n")
                    .containsIgnoringCase("accept: text/event-stream\r\n")
                    .containsIgnoringCase("accept-encoding: identity\r\n")
                    .containsIgnoringCase("x-team: blue\r\n");
            assertThat(new ObjectMapper().readTree(request.body())).isEqualTo(new ObjectMapper().readTree("""
                    {"model":"m-1","stream":true,"stream_options":{"include_usage":true},
                     "messages":[{"role":"user","content":"Grüß dich"}],"temperature":0.5}"""));
        }
    }
}
