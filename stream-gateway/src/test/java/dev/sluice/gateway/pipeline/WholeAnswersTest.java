package dev.sluice.gateway.pipeline;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.Frames;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that come in one piece, since their model does not stream or its streams break. */
@QuarkusTest
@TestProfile(WholeAnswersProfile.class)
class WholeAnswersTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";
    private static final String UNSTREAMED = WholeAnswersProfile.UNSTREAMED;
    private static final String COMPLETION = "{\"id\":\"up-1\",\"object\":\"chat.completion\",\"model\":\"real-model\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello, all of it\","
            + "\"reasoning_content\":\"Let me think.\",\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":"
            + "{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Rome\\\"}\"}}]},\"finish_reason\":\"tool_calls\"}],"
            + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}";
    private static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    private final UpstreamDouble upstream = Doubles.upstream();

    static Stream<Arguments> brokenStreams() {
        return Stream.of(
                broken(
                        "an end before the end",
                        1,
                        call -> call.begin()
                                .data(UpstreamCall.frame("{\"role\":\"assistant\",\"content\":\"\"}", null))
                                .end()),
                broken("no JSON", 1, call -> call.begin().data("data: {{{{\n\n").end()),
                broken("a web page", 1, call -> call.say(EVENTS + "Content-Length: 6\r\n\r\n<html>")),
                broken(
                        "nothing but [DONE]",
                        1,
                        call -> call.begin().data("data: [DONE]\n\n").end()),
                broken("a break after the head", 3, call -> call.begin().reset()),
                broken("an empty stream", 3, call -> call.begin().end()),
                broken("a refusal to stream", 1, call -> call.refuse("400 Bad Request", "", """
                        {"error":{"message":"Your organization must be verified to stream this model.",\
                        "type":"invalid_request_error","param":"stream","code":"unsupported_value"}}""")));
    }

    private static Arguments broken(String what, int streamed, UpstreamDouble.Script script) {
        return Arguments.of(what, streamed, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenStreams")
    void brokenStreamIsMadeUpForByTheWholeAnswer(String what, int streamed, UpstreamDouble.Script stream) {
        ConcurrentLinkedQueue<JsonNode> asked = new ConcurrentLinkedQueue<>();
        String model = upstream.model(call -> {
            asked.add(call.request());
            answer(call, stream);
        });

        Frames frames = standard(model);

        assertThat(frames.text()).isEqualTo("Hello, all of it");
        JsonNode complete = frames.last().json().path("data");
        assertThat(frames.last().type()).isEqualTo("complete");
        assertThat(complete.path("final_response").asText()).isEqualTo("Hello, all of it");
        assertThat(complete.at("/usage/total_tokens").asInt()).isEqualTo(10);
        assertThat(complete.at("/usage/estimated").asBoolean()).isFalse();
        assertThat(complete.path("attempts").asInt()).isEqualTo(streamed + 1);
        assertThat(asked).hasSize(streamed + 1);
        assertThat(asked.stream().limit(streamed))
                .allMatch(request -> request.path("stream").asBoolean());
        assertThat(asked.stream().skip(streamed)).singleElement().satisfies(request -> {
            assertThat(request.path("stream").asBoolean(true)).isFalse();
            assertThat(request.has("stream_options")).isFalse();
            assertThat(request.path("messages")).isNotEmpty();
        });
    }

    /** Byte by byte, but for what a clock says. */
    @Test
    void readersSeeTheWholeAnswerAsTheContractSays() throws IOException {
        String model = upstream.model(
                "golden",
                call -> answer(
                        call, garbled -> garbled.begin().data("data: {{{{\n\n").end()));

        String body = RawClient.post(STREAMS, body(model, "")).toEnd().body();

        Path golden = Path.of("../contracts/streams/standard-whole-answer.sse");
        assertThat(timeless(body.substring(body.indexOf("id: 0\n")))).isEqualTo(timeless(Files.readString(golden)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void openAisFormatHasTheAnswerOnceWithItsToolCallComplete(boolean stream) {
        String model =
                upstream.model(call -> answer(call, broken -> broken.begin().end()));

        RawClient client =
                RawClient.post(CHAT, body(model, ",\"stream\":" + stream)).toEnd();

        assertThat(client.status()).isEqualTo(200);
        JsonNode call = stream
                ? client.frames().chunks().stream()
                        .map(chunk -> chunk.at("/choices/0/delta/tool_calls/0"))
                        .filter(found -> !found.isMissingNode())
                        .findFirst()
                        .orElseThrow()
                : Json.read(client.body()).at("/choices/0/message/tool_calls/0");
        assertThat(call.at("/function/name").asText()).isEqualTo("weather");
        assertThat(call.at("/function/arguments").asText()).isEqualTo("{\"city\":\"Rome\"}");
        String text = stream
                ? client.frames().completionText()
                : Json.read(client.body()).at("/choices/0/message/content").asText();
        assertThat(text).isEqualTo("Hello, all of it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"429 Too Many Requests", "503 Service Unavailable", "401 Unauthorized", "400 Bad Request"})
    void refusalIsNotAskedForWhole(String status) {
        ConcurrentLinkedQueue<JsonNode> asked = new ConcurrentLinkedQueue<>();
        String model = upstream.model(call -> {
            asked.add(call.request());
            call.refuse(status, "", "{}");
        });

        assertThat(standard(model).last().type()).isEqualTo("error");

        assertThat(asked)
                .isNotEmpty()
                .allMatch(request -> request.path("stream").asBoolean());
    }

    @Test
    void nothingIsAskedForWholeAfterTheFirstDelta() {
        String model = upstream.model(call -> call.begin().text("Hel").end());

        Frames frames = standard(model);

        assertThat(frames.text()).isEqualTo("Hel");
        assertThat(frames.last().json().at("/data/code").asText()).isEqualTo("PARSE");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void wholeCallIsMadeOnceAndItsFailureIsTold() {
        String model = upstream.model(call -> {
            if (call.request().path("stream").asBoolean()) {
                call.begin().reset();
            } else {
                call.refuse("503 Service Unavailable", "", "{}");
            }
        });

        Frames frames = standard(model);

        JsonNode error = frames.last().json().path("data");
        assertThat(error.path("code").asText()).isEqualTo("MAX_RETRIES_EXCEEDED");
        assertThat(error.path("cause").asText()).isEqualTo("SERVER");
        assertThat(error.path("message").asText()).startsWith("All 4 attempts failed.");
        assertThat(error.path("partial").asBoolean()).isFalse();
        assertThat(upstream.calls(model)).isEqualTo(4);
    }

    @Test
    void nextTargetFollowsAfterTheWholeCall() {
        String broken = upstream.model(call -> call.begin().end());
        String well = upstream.model(call -> call.answer("from the second"));

        Frames frames = RawClient.post(STREAMS, body(broken, ",\"fallbacks\":[\"" + well + "\"]"))
                .toEnd()
                .frames();

        assertThat(frames.text()).isEqualTo("from the second");
        assertThat(frames.phases())
                .containsExactly(
                        "accepted",
                        "connecting",
                        "retrying",
                        "connecting",
                        "retrying",
                        "connecting",
                        "connecting",
                        "falling_back",
                        "connecting",
                        "streaming");
        assertThat(frames.events().get(6).json().at("/data/message").asText())
                .isEqualTo("Asking " + broken + " for the whole answer at once");
        assertThat(upstream.calls(broken)).isEqualTo(4);
        assertThat(frames.last().json().at("/data/attempts").asInt()).isEqualTo(5);
    }

    @Test
    void wholeAnswerToARequestForAStreamIsAnAnswer() {
        String model = upstream.model(call -> call.refuse("200 OK", "", COMPLETION));

        Frames frames = standard(model);

        assertThat(frames.text()).isEqualTo("Hello, all of it");
        assertThat(frames.last().json().at("/data/usage/total_tokens").asInt()).isEqualTo(10);
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void modelThatDoesNotStreamIsAskedForTheWholeAnswerAtOnceAndItsReadersAreKeptWarm() throws Exception {
        BlockingQueue<UpstreamCall> calls = new LinkedBlockingQueue<>();
        upstream.model(UNSTREAMED, calls::add);
        RawClient standard = RawClient.post(STREAMS, body(UNSTREAMED, ""));
        RawClient chat = RawClient.post(CHAT, body(UNSTREAMED, ",\"stream\":true"));
        UpstreamCall one = next(calls);
        UpstreamCall other = next(calls);

        standard.until(": heartbeat\n\n: heartbeat\n\n");
        chat.until(": heartbeat\n\n: heartbeat\n\n");
        one.refuse("200 OK", "", COMPLETION);
        other.refuse("200 OK", "", COMPLETION);

        Frames frames = standard.toEnd().frames();
        assertThat(frames.types())
                .containsExactly("status", "status", "status", "reasoning", "chunk", "tool_call", "complete");
        assertThat(frames.text()).isEqualTo("Hello, all of it");
        assertThat(chat.toEnd().frames().completionText()).isEqualTo("Hello, all of it");
        assertThat(List.of(one, other)).allSatisfy(call -> {
            assertThat(call.request().path("stream").asBoolean(true)).isFalse();
            assertThat(call.head()).containsIgnoringCase("accept: application/json");
        });
    }

    @Test
    void modelThatDoesNotStreamIsTriedAgainLikeAnyOther() {
        AtomicInteger calls = new AtomicInteger();
        upstream.model(UNSTREAMED, call -> {
            if (calls.incrementAndGet() < 3) {
                call.refuse("503 Service Unavailable", "", "{}");
            } else {
                call.refuse("200 OK", "", COMPLETION);
            }
        });

        assertThat(standard(UNSTREAMED).text()).isEqualTo("Hello, all of it");
        assertThat(calls).hasValue(3);
    }

    @Test
    void modelThatDoesNotStreamIsNotAskedTwiceForWhatIsNoAnswer() {
        upstream.model(UNSTREAMED, call -> call.refuse("200 OK", "", "{}"));

        assertThat(standard(UNSTREAMED).last().json().at("/data/code").asText()).isEqualTo("PARSE");
        assertThat(upstream.calls(UNSTREAMED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"id\":"})
    void abortAmidAWholeCallClosesTheUpstreamConnectionAtOnce(String begun) throws Exception {
        BlockingQueue<UpstreamCall> calls = new LinkedBlockingQueue<>();
        upstream.model(UNSTREAMED, calls::add);
        RawClient client = RawClient.post(STREAMS, body(UNSTREAMED, "")).until("at once");
        UpstreamCall call = next(calls);
        call.say(begun);
        long started = System.nanoTime();

        RawClient.delete(STREAMS + "/" + client.header("x-stream-id")).toEnd();

        assertThat(Duration.ofNanos(call.awaitClosed() - started)).isLessThan(Duration.ofSeconds(1));
        assertThat(client.toEnd().frames().last().json().at("/data/code").asText())
                .isEqualTo("CANCELLED");
    }

    @Test
    void clientThatLeavesAmidAWholeCallClosesTheUpstreamConnectionAtOnce() throws Exception {
        BlockingQueue<UpstreamCall> calls = new LinkedBlockingQueue<>();
        upstream.model(UNSTREAMED, calls::add);
        RawClient client = RawClient.post(CHAT, body(UNSTREAMED, ",\"stream\":false"));
        UpstreamCall call = next(calls);

        client.reset();

        call.awaitClosed(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"streams\":false", "\"die_after\":0"})
    void simulatorShowsIt(String script) {
        Frames frames = RawClient.post(
                        STREAMS,
                        body(
                                "simulator/x",
                                ",\"sluice\":{\"simulate\":{\"chunks\":5,\"first_ms\":1,\"interval_ms\":1," + script
                                        + "}}"))
                .toEnd()
                .frames();

        assertThat(frames.types().stream().filter("chunk"::equals)).hasSize(1);
        assertThat(frames.last().json().at("/data/final_response").asText()).isEqualTo(frames.text());
    }

    private static void answer(UpstreamCall call, UpstreamDouble.Script stream) throws IOException {
        if (call.request().path("stream").asBoolean()) {
            stream.answer(call);
        } else {
            call.refuse("200 OK", "", COMPLETION);
        }
    }

    private static UpstreamCall next(BlockingQueue<UpstreamCall> calls) throws InterruptedException {
        @Nullable UpstreamCall call = calls.poll(10, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("nobody called");
        }
        return call;
    }

    private static Frames standard(String model) {
        return RawClient.post(STREAMS, body(model, "")).toEnd().frames();
    }

    private static String timeless(String events) {
        return events.replaceAll("_ms\":\\d+", "_ms\":0");
    }
}
