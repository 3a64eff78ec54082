package dev.sluice.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.provider.http.SseParser;
import dev.sluice.provider.openai.ScriptedServer.Request;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiWholeAnswersTest {

    private static final OpenAiCaller CALLER = new OpenAiCaller();
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String COMPLETION = Decoded.json(
            "{'id':'chatcmpl-1','object':'chat.completion','model':'m-1','choices':[{'index':0,'message':"
                    + "{'role':'assistant','content':'Grüß dich','reasoning_content':'hm','refusal':null,'tool_calls':["
                    + "{'id':'t1','type':'function','function':{'name':'f','arguments':'{\\'a\\':1}'}},"
                    + "{'id':'t2','type':'function','function':{'name':'g','arguments':'{}'}}]},"
                    + "'finish_reason':'tool_calls'}],'usage':{'prompt_tokens':9,'completion_tokens':2,'total_tokens':11}}");
    private static final Chunk[] CHUNKS = {
        new Chunk.Started("chatcmpl-1", "m-1"),
        new Chunk.ReasoningDelta("hm"),
        new Chunk.TextDelta("Grüß dich"),
        new Chunk.ToolCallDelta(0, "t1", "f", "{\"a\":1}"),
        new Chunk.ToolCallDelta(1, "t2", "g", "{}"),
        new Chunk.UsageReported(TokenUsage.of(9, 2)),
        new Chunk.Finished(FinishReason.TOOL_CALLS)
    };

    @AfterAll
    static void close() {
        CALLER.close();
    }

    @Test
    void aWholeAnswerComesInOnePiece() throws IOException {
        assertThat(ask(ScriptedServer.response("200 OK", JSON, COMPLETION))).containsExactly(CHUNKS);
    }

    @Test
    void itIsAskedForAsTheProtocolDemands() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.response("200 OK", JSON, COMPLETION))) {
            subscribe(server).awaitCompletion(OpenAiCaller.PATIENCE);

            Request request = server.nextRequest();
            assertThat(request.head())
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .containsIgnoringCase("accept: application/json\r\n")
                    .containsIgnoringCase("authorization: Bearer " + OpenAiCaller.KEY + "\r\n");
            assertThat(new ObjectMapper().readTree(request.body())).isEqualTo(new ObjectMapper().readTree("""
                    {"model":"m-1","stream":false,
                     "messages":[{"role":"user","content":"Grüß dich"}],"temperature":0.5}"""));
        }
    }

    @Test
    void aServerThatStreamsNonethelessIsGathered() throws IOException {
        byte[] events = Decoded.events(
                "{'id':'c','model':'m','choices':[{'index':0,'delta':{'content':'Hel'}}]}",
                "{'id':'c','model':'m','choices':[{'index':0,'delta':{'content':'lo'}}]}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}],'usage':{'prompt_tokens':1,'completion_tokens':2}}");

        assertThat(ask(ScriptedServer.stream(new String(events, StandardCharsets.UTF_8))))
                .containsExactly(
                        new Chunk.Started("c", "m"),
                        new Chunk.TextDelta("Hello"),
                        new Chunk.UsageReported(TokenUsage.of(1, 2)),
                        new Chunk.Finished(FinishReason.STOP));
    }

    @Test
    void aServerThatDoesNotStreamAlthoughAskedToIsUnderstood() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.response("200 OK", JSON, COMPLETION))) {
            assertThat(CALLER.ask(server.baseUrl())).containsExactlyInAnyOrder(CHUNKS);
        }
    }

    @Test
    void blanksBeforeTheAnswerKeepTheConnectionOpenAndMeanNothing() throws IOException {
        assertThat(ask(ScriptedServer.streamHead()
                        + ScriptedServer.httpChunk("\n")
                        + ScriptedServer.httpChunk("\n\n  ")
                        + ScriptedServer.httpChunk(COMPLETION)
                        + "0\r\n\r\n"))
                .containsExactly(CHUNKS);
    }

    @Test
    void aRefusalHasItsKindAndItsWait() throws IOException {
        assertThat(fail(ScriptedServer.response("429 Too Many Requests", "Retry-After: 7\r\n", "{}")))
                .isInstanceOfSatisfying(
                        ProviderFailure.RateLimited.class,
                        limited -> assertThat(limited.askedWait()).isEqualTo(Duration.ofSeconds(7)));
        assertThat(fail(ScriptedServer.response("503 Service Unavailable", "", "busy")))
                .isInstanceOf(ProviderFailure.Server.class);
        assertThat(fail(ScriptedServer.response("401 Unauthorized", JSON, "{}")))
                .isInstanceOf(ProviderFailure.Unauthorized.class);
    }

    @Test
    void anErrorInPlaceOfAnAnswerIsAFailureInSpiteOfItsStatus() throws IOException {
        assertThat(fail(ScriptedServer.response("200 OK", JSON, "{\"error\":{\"message\":\"m\",\"code\":429}}")))
                .isEqualTo(new ProviderFailure.RateLimited(null, "m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "oh no", "<html></html>", "{\"choices\":[{\"message\":{\"content\":\"Hel"})
    void whatIsNoAnswerIsNone(String body) throws IOException {
        ProviderFailure failure = fail(ScriptedServer.response("200 OK", JSON, body));

        if (body.isEmpty()) {
            assertThat(failure).isInstanceOf(ProviderFailure.Network.class);
        } else {
            assertThat(failure).isInstanceOf(ProviderFailure.Malformed.class);
        }
    }

    @Test
    void anAnswerBeyondAllMeasureIsMalformedAndNotRead() throws IOException {
        String endless = "{\"x\":\"" + "x".repeat(SseParser.DEFAULT_MAX_BYTES);

        assertThat(fail(ScriptedServer.response("200 OK", JSON, endless)))
                .isInstanceOf(ProviderFailure.Malformed.class);
    }

    @Test
    void aConnectionThatBreaksAmidTheAnswerIsANetworkFailureAndNothingIsShown() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            String response = ScriptedServer.response("200 OK", JSON, COMPLETION);
            connection.say(response.substring(0, response.length() / 2));
            connection.reset();
        })) {
            AssertSubscriber<Chunk> reader = subscribe(server);

            assertThat(OpenAiCaller.failure(reader))
                    .isInstanceOfSatisfying(
                            ProviderFailure.Network.class,
                            network -> assertThat(network.phase()).isEqualTo(Phase.FIRST_CHUNK));
            assertThat(reader.getItems()).isEmpty();
        }
    }

    @Test
    void cancellingClosesTheConnectionAtOnce() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"id\":");
            asked.complete(null);
            connection.awaitClose();
            closed.complete(null);
        })) {
            AssertSubscriber<Chunk> reader = subscribe(server);
            asked.get(10, TimeUnit.SECONDS);

            reader.cancel();

            closed.get(2, TimeUnit.SECONDS);
            reader.assertNotTerminated();
        }
    }

    private static List<Chunk> ask(String response) throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(response)) {
            return subscribe(server).awaitCompletion(OpenAiCaller.PATIENCE).getItems();
        }
    }

    private static ProviderFailure fail(String response) throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(response)) {
            return OpenAiCaller.failure(subscribe(server));
        }
    }

    private static AssertSubscriber<Chunk> subscribe(ScriptedServer server) {
        return CALLER.whole(server.baseUrl()).subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }
}
