package dev.sluice.gateway.pipeline;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.Frames;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.SocketClient;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that break off after some of them was sent, and go on where the caller wants that. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class InterruptedAnswersTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";

    private final UpstreamDouble upstream = Doubles.upstream();

    private static Frames stream(String model, String more) {
        return RawClient.post(STREAMS, body(model, ",\"on_interrupt\":\"continue\"" + more))
                .toEnd()
                .frames();
    }

    /** A model whose calls are answered in turn, the last of these also every further one. */
    @SafeVarargs
    private String answering(Consumer<UpstreamCall>... answers) {
        AtomicInteger calls = new AtomicInteger();
        return upstream.model(call -> answers[Math.min(calls.getAndIncrement(), answers.length - 1)].accept(call));
    }

    private static JsonNode error(Frames frames) {
        assertThat(frames.last().type()).isEqualTo("error");
        return frames.last().json().path("data");
    }

    private static JsonNode completion(Frames frames) {
        assertThat(frames.last().type()).isEqualTo("complete");
        assertThat(frames.text())
                .isEqualTo(frames.last().json().at("/data/final_response").asText());
        return frames.last().json().path("data");
    }

    static List<Arguments> interruptions() {
        return List.of(
                Arguments.argumentSet("reset", (Consumer<UpstreamCall>) UpstreamCall::reset),
                Arguments.argumentSet("truncated", (Consumer<UpstreamCall>) UpstreamCall::end),
                Arguments.argumentSet("no JSON", (Consumer<UpstreamCall>)
                        call -> call.data("data: {{{\n\n").end()),
                Arguments.argumentSet("overloaded", (Consumer<UpstreamCall>) call -> call.data(
                                "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\"}}\n\n")
                        .end()));
    }

    @ParameterizedTest
    @MethodSource("interruptions")
    void goesOnWhereTheProviderBrokeOff(Consumer<UpstreamCall> interruption) {
        String model = answering(
                call -> interruption.accept(call.begin().text("Hello ").text("wor")),
                call -> call.answer("ld, ", "again"));

        Frames frames = stream(model, "");

        assertThat(frames.text()).isEqualTo("Hello world, again");
        assertThat(frames.phases())
                .containsExactly("accepted", "connecting", "streaming", "continuing", "retrying", "connecting");
        assertThat(frames.types().subList(0, 7))
                .as("the seam stands between what both calls said")
                .containsExactly("status", "status", "status", "chunk", "chunk", "status", "status");
        JsonNode seam = frames.events().get(5).json().path("data");
        assertThat(seam.path("characters").asInt()).isEqualTo(9);
        assertThat(seam.path("attempt").asInt()).isEqualTo(1);
        JsonNode end = completion(frames);
        assertThat(end.path("attempts").asInt()).isEqualTo(2);
        assertThat(end.path("finish_reason").asText()).isEqualTo("stop");
        // The provider counted 7 and 3 for the second call; 2 and 2 are guessed for the first.
        assertThat(end.at("/usage/input_tokens").asInt()).isEqualTo(9);
        assertThat(end.at("/usage/output_tokens").asInt()).isEqualTo(5);
        assertThat(end.at("/usage/estimated").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("interruptions")
    void failsWithoutBeingAskedToGoOn(Consumer<UpstreamCall> interruption) {
        String model = answering(call -> interruption.accept(call.begin().text("Hello")));

        Frames frames = RawClient.post(STREAMS, body(model, ",\"on_interrupt\":\"fail\""))
                .toEnd()
                .frames();

        assertThat(error(frames).path("partial").asBoolean()).isTrue();
        assertThat(error(frames).path("message").asText()).doesNotContain("continued");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void asksForTheRestAndForNoMoreThanTheRest() {
        String model = upstream.model();
        RawClient client = RawClient.post(
                STREAMS, body(model, ",\"on_interrupt\":\"continue\",\"max_tokens\":50,\"temperature\":1"));
        upstream.next(model).begin().text("one two three").reset();

        UpstreamCall second = upstream.next(model);
        second.answer(" four");
        client.toEnd();

        JsonNode messages = second.request().path("messages");
        assertThat(messages).hasSize(3);
        assertThat(messages.get(0).path("content").asText()).isEqualTo("Hi");
        assertThat(messages.get(1)).hasToString("{\"role\":\"assistant\",\"content\":\"one two three\"}");
        assertThat(messages.get(2).path("role").asText()).isEqualTo("user");
        assertThat(messages.get(2).path("content").asText()).startsWith("Your answer was cut off");
        assertThat(second.request().path("max_tokens").asInt()).isEqualTo(47);
        assertThat(second.request().path("temperature").asInt()).isEqualTo(1);
        assertThat(second.request().has("on_interrupt")).isFalse();
    }

    @Test
    void halfACharacterIsNotSentBack() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, body(model, ",\"on_interrupt\":\"continue\""));
        upstream.next(model)
                .begin()
                .data(UpstreamCall.frame("{\"content\":\"Hi \\ud83d\"}", null))
                .reset();

        UpstreamCall second = upstream.next(model);
        second.answer("\ud83d\udc4b");

        assertThat(second.request().at("/messages/1/content").asText()).isEqualTo("Hi ");
        assertThat(completion(client.toEnd().frames()).path("final_response").asText())
                .isEqualTo("Hi \ud83d\udc4b");
    }

    @Test
    void leavesOutWhatIsSaidOnceMore() {
        String model = answering(
                call -> call.begin().text("The quick bro").reset(), call -> call.answer("qui", "ck brow", "n fox"));

        assertThat(completion(stream(model, "")).path("final_response").asText())
                .isEqualTo("The quick brown fox");
    }

    @Test
    void leavesOutABeginningThatIsStartedOver() {
        String model = answering(call -> call.begin().text("Hello, ").reset(), call -> call.answer("Hello", ", world"));

        assertThat(completion(stream(model, "")).path("final_response").asText())
                .isEqualTo("Hello, world");
    }

    @Test
    void otherFormatsJustGoOn() {
        Stream.of(true, false).forEach(streamed -> {
            String model = answering(call -> call.begin().text("Hel").reset(), call -> call.answer("lo"));

            RawClient client = RawClient.post(
                            CHAT,
                            body(model, ",\"stream\":" + streamed + ",\"sluice\":{\"on_interrupt\":\"continue\"}"))
                    .toEnd();

            assertThat(client.status()).isEqualTo(200);
            if (streamed) {
                assertThat(client.frames().completionText()).isEqualTo("Hello");
                assertThat(client.body()).containsOnlyOnce("\"role\"").containsOnlyOnce("\"finish_reason\":\"stop\"");
            } else {
                assertThat(Json.read(client.body())
                                .at("/choices/0/message/content")
                                .asText())
                        .isEqualTo("Hello");
            }
        });
    }

    @Test
    void aMessageOfAnthropicsKeepsOneBlock() {
        String model = answering(call -> call.begin().text("Hel").reset(), call -> call.answer("lo"));

        String told = RawClient.post(
                        "/v1/messages",
                        body(model, ",\"max_tokens\":9,\"stream\":true,\"sluice\":{\"on_interrupt\":\"continue\"}"))
                .toEnd()
                .body();

        assertThat(told)
                .containsOnlyOnce("event: message_start")
                .containsOnlyOnce("event: content_block_start")
                .contains("\"text\":\"Hel\"", "\"text\":\"lo\"", "event: message_stop");
    }

    @Test
    void aSocketCanAskForIt() {
        String model = answering(call -> call.begin().text("Hel").reset(), call -> call.answer("lo"));
        try (SocketClient client = SocketClient.open("/v1/ws")) {
            client.send("{\"type\":\"start\","
                    + body(model, ",\"on_interrupt\":\"continue\"").substring(1));

            assertThat(client.upTo("complete")
                            .getLast()
                            .at("/data/final_response")
                            .asText())
                    .isEqualTo("Hello");
        }
    }

    @Test
    void theSimulatorShowsIt() {
        Frames frames = stream(
                "simulator/x",
                ",\"sluice\":{\"simulate\":{\"chunks\":30,\"die_after\":12,\"first_ms\":0,\"interval_ms\":0}}");
        Frames whole =
                stream("simulator/x", ",\"sluice\":{\"simulate\":{\"chunks\":30,\"first_ms\":0,\"interval_ms\":0}}");

        assertThat(frames.phases()).filteredOn("continuing"::equals).hasSize(2);
        assertThat(completion(frames).path("final_response").asText()).isEqualTo(whole.text());
    }

    @Test
    void anAiSdkChatIsToldOfTheSeamAndKeepsOnePart() {
        String model = answering(call -> call.begin().text("Hel").reset(), call -> call.answer("lo"));

        String told = RawClient.post(
                        "/api/chat",
                        "{\"id\":\"c1\",\"model\":\"" + model + "\",\"sluice\":{\"on_interrupt\":\"continue\"},"
                                + "\"messages\":[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]}")
                .toEnd()
                .body();

        assertThat(told)
                .containsOnlyOnce("\"text-start\"")
                .containsOnlyOnce("\"text-end\"")
                .contains("\"phase\":\"continuing\"");
    }

    @Test
    void asksTheNextTargetWhenTheSameOneIsSpent() {
        String broken = answering(
                call -> call.begin().text("Hel").reset(), call -> call.refuse("503 Service Unavailable", "", "{}"));
        String well = answering(call -> call.answer("lo"));

        Frames frames = stream(broken, ",\"fallbacks\":[\"" + well + "\"]");

        assertThat(completion(frames).path("final_response").asText()).isEqualTo("Hello");
        assertThat(frames.phases())
                .containsSubsequence("streaming", "continuing", "retrying", "retrying", "falling_back", "connecting");
        assertThat(upstream.calls(broken)).isEqualTo(3);
        assertThat(upstream.calls(well)).isEqualTo(1);
        assertThat(completion(frames).path("attempts").asInt()).isEqualTo(4);
    }

    @Test
    void endsByWhatBrokeItOffWhenTheRestCannotBeHad() {
        String model = answering(
                call -> call.begin().text("Hel").reset(), call -> call.refuse("400 Bad Request", "", "{\"error\":{}}"));

        JsonNode error = error(stream(model, ""));

        assertThat(error.path("code").asText()).isEqualTo("NETWORK");
        assertThat(error.path("phase").asText()).isEqualTo("mid_stream");
        assertThat(error.path("message").asText()).endsWith("It could not be continued.");
        assertThat(error.path("partial").asBoolean()).isTrue();
        assertThat(upstream.calls(model)).isEqualTo(2);
    }

    @Test
    void goesOnOnceMoreWhereTheRestBrokeOffBeforeItSaidAnythingNew() {
        String model = answering(
                call -> call.begin().text("The quick bro").reset(),
                call -> call.begin().text("quick ").end(),
                call -> call.answer("wn fox"));

        Frames frames = stream(model, "");

        assertThat(completion(frames).path("final_response").asText()).isEqualTo("The quick brown fox");
        assertThat(frames.phases()).filteredOn("continuing"::equals).hasSize(2);
    }

    @Test
    void goesOnTwiceAndNoMore() {
        String model = answering(
                call -> call.begin().text("one").reset(),
                call -> call.begin().text(" two").end(),
                call -> call.begin().text(" three").reset());

        Frames frames = stream(model, "");

        assertThat(frames.text()).isEqualTo("one two three");
        assertThat(frames.phases()).filteredOn("continuing"::equals).hasSize(2);
        assertThat(error(frames).path("code").asText()).isEqualTo("NETWORK");
        assertThat(error(frames).path("message").asText())
                .endsWith("It was not continued, since that was done 2 times already.");
        assertThat(upstream.calls(model)).isEqualTo(3);
    }

    @Test
    void goesOnAfterNoToolCall() {
        String model = answering(call -> call.begin()
                .text("Let me look.")
                .data(UpstreamCall.frame(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}",
                        null))
                .reset());

        JsonNode error = error(stream(model, ""));

        assertThat(error.path("code").asText()).isEqualTo("NETWORK");
        assertThat(error.path("message").asText()).endsWith("It was not continued, since a tool call had been sent.");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    /** What a provider says in the middle of its answer can be that the request is wrong: so would its continuation be. */
    @Test
    void goesOnAfterNoRefusal() {
        String model = answering(call -> call.begin()
                .text("Hel")
                .data("data: {\"error\":{\"message\":\"No.\",\"type\":\"invalid_request_error\"}}\n\n")
                .end());

        JsonNode error = error(stream(model, ""));

        assertThat(error.path("code").asText()).isEqualTo("PROVIDER_REJECTED");
        assertThat(error.path("message").asText()).doesNotContain("continued");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void goesOnAfterNothingThatIsTooLongToSendBack() {
        String piece = "x".repeat(Continuation.MAX_CHARACTERS / 16);
        String model = answering(call -> {
            call.begin();
            for (int i = 0; i < 17; i++) {
                call.text(piece);
            }
            // A reset would take with it what was not read yet.
            call.end();
        });

        assertThat(error(stream(model, "")).path("message").asText())
                .endsWith("It was not continued, since it is too long.");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void goesOnAfterNothingButThinking() {
        String model = answering(call -> call.begin()
                .data(UpstreamCall.frame("{\"reasoning_content\":\"Hm\"}", null))
                .reset());

        assertThat(error(stream(model, "")).path("message").asText())
                .endsWith("It was not continued, since no text had been sent.");
        assertThat(upstream.calls(model)).isEqualTo(1);
    }

    @Test
    void leavesOutTheThinkingAboutHowToGoOn() {
        String model = answering(
                call -> call.begin()
                        .data(UpstreamCall.frame("{\"reasoning_content\":\"Hm\"}", null))
                        .text("Hel")
                        .reset(),
                call -> call.begin()
                        .data(UpstreamCall.frame("{\"reasoning_content\":\"Where was I?\"}", null))
                        .text("lo")
                        .finish());

        Frames frames = stream(model, "");

        assertThat(completion(frames).path("final_response").asText()).isEqualTo("Hello");
        assertThat(frames.types()).filteredOn("reasoning"::equals).hasSize(1);
    }

    @Test
    void transformsSeeOneAnswer() {
        String model = answering(
                call -> call.begin().text("Ask jo").reset(), call -> call.answer("e@exam", "ple.com, please."));

        RawClient client = RawClient.post(
                        STREAMS,
                        body(
                                model,
                                ",\"on_interrupt\":\"continue\",\"transforms\":{\"redact\":[\"email\"],\"max_length\":14}"))
                .toEnd();

        assertThat(completion(client.frames()).path("final_response").asText()).isEqualTo("Ask [EMAIL], p");
        assertThat(client.raw()).doesNotContain("joe", "jo\"");
    }

    @Test
    void anAbortBetweenTheCallsEndsIt() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, body(model, ",\"on_interrupt\":\"continue\""));
        upstream.next(model).begin().text("Hel").reset();
        UpstreamCall second = upstream.next(model);
        String id = client.header("x-stream-id");
        assertThat(Json.read(RawClient.get(STREAMS + "/" + id + "/status")
                                .toEnd()
                                .body())
                        .path("state")
                        .asText())
                .isEqualTo("continuing");

        RawClient.delete(STREAMS + "/" + id).toEnd();

        second.awaitClosed();
        Frames frames = client.toEnd().frames();
        assertThat(error(frames).path("code").asText()).isEqualTo("CANCELLED");
        assertThat(frames.text()).isEqualTo("Hel");
    }

    @Test
    void collectorIsToldThatItWentOn() {
        String model = answering(call -> call.begin().text("Hel").reset(), call -> call.answer("lo"));
        String id = RawClient.post(STREAMS, body(model, ",\"on_interrupt\":\"continue\""))
                .toEnd()
                .header("x-stream-id");

        await().untilAsserted(() -> assertThat(Doubles.collector().events(id))
                .extracting(event -> event.path("type").asText())
                .containsSubsequence("stream.first_chunk", "stream.continued", "stream.completed"));
    }

    @Test
    void showsThatItStreamsAgain() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, body(model, ",\"on_interrupt\":\"continue\""));
        upstream.next(model).begin().text("Hel").reset();
        UpstreamCall second = upstream.next(model).begin().text("lo");
        client.until("\"lo\"");

        JsonNode status = Json.read(RawClient.get(STREAMS + "/" + client.header("x-stream-id") + "/status")
                .toEnd()
                .body());

        assertThat(status.path("state").asText()).isEqualTo("streaming");
        assertThat(status.path("attempts").asInt()).isEqualTo(2);
        assertThat(status.has("time_to_first_chunk_ms")).isTrue();
        second.finish();
        completion(client.toEnd().frames());
    }

    /** Wherever it is cut, up to twice, and whether or not the model says once more what came before. */
    @Test
    void theJoinedAnswerIsTheAnswer() {
        long seed = System.nanoTime();
        System.out.println("seed of the interruptions: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            String text = text(random);
            AtomicInteger calls = new AtomicInteger();
            boolean repeats = random.nextBoolean();
            long choices = random.nextLong();
            String model = upstream.model(call -> play(call, text, calls.incrementAndGet(), repeats, choices));

            Frames frames = stream(model, "");

            assertThat(completion(frames).path("final_response").asText())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(text);
        }
    }

    private static void play(UpstreamCall call, String text, int number, boolean repeats, long choices) {
        Random random = new Random(choices + number);
        JsonNode messages = call.request().path("messages");
        String before =
                messages.size() == 1 ? "" : messages.get(1).path("content").asText();
        int at = before.length();
        if (repeats && at > Overlap.MIN) {
            // A model that goes back goes back to the start of a word, and far enough to be noticed.
            at = text.lastIndexOf(' ', at - Overlap.MIN - 1) + 1;
        } else if (repeats && at >= Overlap.MIN_WORDS) {
            at = 0;
        }
        int left = text.length() - at;
        int end = number == 3 ? text.length() : Math.min(text.length(), at + 1 + random.nextInt(left));
        call.begin();
        while (at < end) {
            int next = Math.min(end, at + 1 + random.nextInt(9));
            call.data(UpstreamCall.frame("{\"content\":" + ascii(text.substring(at, next)) + "}", null));
            at = next;
        }
        if (number == 3) {
            call.finish();
        } else if (random.nextBoolean()) {
            call.end();
        } else {
            call.reset();
        }
    }

    /** Writes halves of characters, too. */
    private static String ascii(String text) {
        return text.chars()
                .mapToObj(unit -> String.format(Locale.ROOT, "\\u%04x", unit))
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("Once");
        for (int i = 30 + random.nextInt(30); i > 0; i--) {
            text.append(' ')
                    .append(Integer.toString(random.nextInt(1 << 30), 36))
                    .append(random.nextInt(6) == 0 ? "😀é" : "");
        }
        return text.toString();
    }
}
