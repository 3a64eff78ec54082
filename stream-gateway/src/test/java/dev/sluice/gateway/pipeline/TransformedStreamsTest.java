package dev.sluice.gateway.pipeline;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.Frames;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(PatientProfile.class)
class TransformedStreamsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String STREAMS = "/v1/streams";
    private static final String REDACT = "{\"redact\":[\"email\",{\"literal\":\"ACME\"}]}";
    private static final String SCRIPT = "\"simulate\":{\"first_ms\":0,\"interval_ms\":0,\"reasoning\":3}";

    private final UpstreamDouble upstream = Doubles.upstream();

    private static String standard(String model, String transforms) {
        return body(model, ",\"transforms\":" + transforms);
    }

    private static String chat(String model, boolean stream, String transforms) {
        return body(model, ",\"stream\":" + stream + ",\"sluice\":{\"transforms\":" + transforms + "}");
    }

    /** Answers with a secret in every delta and across every border. */
    private String secretive() {
        return upstream.model(
                call -> call.answer("Ask jo", "e@exam", "ple.com of AC", "ME, or ja", "ne@example.org", "."));
    }

    @Test
    void everyFormatTellsTheSame() {
        String told = "Ask [EMAIL] of [REDACTED], or [EMAIL].";

        RawClient standard =
                RawClient.post(STREAMS, standard(secretive(), REDACT)).toEnd();
        RawClient streamed =
                RawClient.post(CHAT, chat(secretive(), true, REDACT)).toEnd();
        RawClient whole = RawClient.post(CHAT, chat(secretive(), false, REDACT)).toEnd();

        assertThat(standard.frames().text()).isEqualTo(told);
        assertThat(standard.frames().last().json().at("/data/final_response").asText())
                .isEqualTo(told);
        assertThat(streamed.frames().completionText()).isEqualTo(told);
        assertThat(Json.read(whole.body()).at("/choices/0/message/content").asText())
                .isEqualTo(told);
        for (RawClient client : new RawClient[] {standard, streamed, whole}) {
            assertThat(client.raw()).doesNotContain("joe", "jane", "ACME");
        }
    }

    @Test
    void resumeAtAnyPlaceTellsTheSame() {
        RawClient first = RawClient.post(STREAMS, standard(secretive(), REDACT)).toEnd();
        Frames all = first.frames();

        for (int from = 0; from < all.events().size(); from++) {
            RawClient again = RawClient.get(STREAMS + "/" + first.header("x-stream-id") + "?offset=" + from)
                    .toEnd();
            assertThat(again.frames().events())
                    .isEqualTo(all.events().subList(from, all.events().size()));
        }
        assertThat(all.events())
                .extracting(frame -> frame.json().path("offset").asInt())
                .containsExactlyElementsOf(
                        IntStream.range(0, all.events().size()).boxed().toList());
    }

    @Test
    void theProviderDoesNotLearnOfIt() {
        AtomicReference<JsonNode> asked = new AtomicReference<>();
        String model = upstream.model(call -> {
            asked.set(call.request());
            call.answer("x");
        });

        RawClient.post(CHAT, chat(model, false, REDACT)).toEnd();
        assertThat(Json.names(asked.get())).doesNotContain("sluice", "transforms");
        RawClient.post(STREAMS, standard(model, REDACT)).toEnd();
        assertThat(Json.names(asked.get())).doesNotContain("sluice", "transforms");
    }

    @Test
    void answerThatGrowsTooLongIsCutAndItsUpstreamCallEnds() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, standard(model, "{\"max_length\":12}"));
        UpstreamCall call =
                upstream.next(model).begin().text("one two ").text("three ").text("four");

        Frames frames = client.toEnd().frames();

        call.awaitClosed();
        JsonNode end = frames.last().json().path("data");
        assertThat(frames.text()).isEqualTo("one two thre");
        assertThat(frames.last().type()).isEqualTo("complete");
        assertThat(end.path("finish_reason").asText()).isEqualTo("length");
        assertThat(end.path("final_response").asText()).isEqualTo("one two thre");
        assertThat(end.at("/usage/output_tokens").asInt()).isBetween(3, 4);
    }

    @Test
    void answerThatJustFitsIsNotCut() {
        String model = upstream.model(call -> call.answer("one ", "two"));

        RawClient client =
                RawClient.post(CHAT, chat(model, false, "{\"max_length\":7}")).toEnd();

        assertThat(Json.read(client.body()).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(Json.read(client.body()).at("/usage/total_tokens").asInt()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"my,my", "ask joe@exam,ask [EMAIL]", "by AC,by [REDACTED]"})
    void whatIsHeldCommitsAndIsSettledWhenTheAnswerBreaks(String sent, String told) {
        String model = upstream.model(call -> call.begin().text(sent).reset());

        Frames frames = RawClient.post(STREAMS, standard(model, REDACT)).toEnd().frames();

        assertThat(upstream.calls(model)).isEqualTo(1);
        assertThat(frames.text()).isEqualTo(told);
        assertThat(frames.last().type()).isEqualTo("error");
        assertThat(frames.last().json().at("/data/partial").asBoolean()).isTrue();
    }

    @Test
    void whatIsHeldIsSettledByAnAbort() {
        String model = upstream.model();
        RawClient client = RawClient.post(STREAMS, standard(model, REDACT));
        upstream.next(model).begin().text("ask joe@exam");
        client.until("streaming");

        RawClient.delete(STREAMS + "/" + client.header("x-stream-id")).toEnd();

        assertThat(client.toEnd().frames().text()).isEqualTo("ask [EMAIL]");
    }

    @Test
    void nothingOfAFailedAttemptIsHeld() {
        AtomicInteger calls = new AtomicInteger();
        String model = upstream.model(call -> {
            if (calls.incrementAndGet() == 1) {
                call.begin().reset();
            } else {
                call.answer("by ACME");
            }
        });

        Frames frames = RawClient.post(STREAMS, standard(model, REDACT)).toEnd().frames();

        assertThat(frames.text()).isEqualTo("by [REDACTED]");
        assertThat(calls).hasValue(2);
    }

    @Test
    void toolCallsAreRedactedOrLeftOut() {
        String call = UpstreamCall.frame(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"mail\",\"arguments\":\"{\\\"to\\\":\\\"jo\"}}]}",
                null);
        String rest = UpstreamCall.frame(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"e@example.com\\\"}\"}}]}", "tool_calls");
        String model = upstream.model(answer ->
                answer.begin().data(call).data(rest).data("data: [DONE]\n\n").end());

        JsonNode redacted = Json.read(
                RawClient.post(CHAT, chat(model, false, REDACT)).toEnd().body());
        JsonNode leftOut = Json.read(RawClient.post(CHAT, chat(model, false, "{\"drop\":[\"tool_call\"]}"))
                .toEnd()
                .body());

        assertThat(redacted.at("/choices/0/message/tool_calls/0/function/arguments")
                        .asText())
                .isEqualTo("{\"to\":\"[EMAIL]\"}");
        assertThat(redacted.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(leftOut.at("/choices/0/message/tool_calls").isMissingNode()).isTrue();
        assertThat(leftOut.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource({PatientProfile.DISCREET + ",''", "demo,'," + "\"fallbacks\":[\"discreet\"]'"})
    void whatAModelDemandsIsDone(String model, String more) {
        Frames frames = RawClient.post(STREAMS, body(model, ",\"sluice\":{" + SCRIPT + "}" + more))
                .toEnd()
                .frames();

        assertThat(frames.types()).doesNotContain("reasoning");
        assertThat(frames.text())
                .startsWith("Sluice is a streaming [THING] for language models.")
                .hasSize(90);
        assertThat(frames.last().json().at("/data/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void readingGoesOnWhileEverythingIsLeftOut() {
        String script = "\"simulate\":{\"first_ms\":0,\"interval_ms\":0,\"reasoning\":2000,\"chunks\":2}";

        Frames frames = RawClient.post(STREAMS, body("discreet", ",\"sluice\":{" + script + "}"))
                .toEnd()
                .frames();

        assertThat(frames.types()).containsOnly("status", "chunk", "complete");
        assertThat(frames.text()).isEqualTo("Sluice is");
    }

    @Test
    void requestMayTightenButNotLoosen() {
        String loose = "{\"max_length\":1000}";
        String tight = "{\"redact\":[{\"literal\":\"Sluice\"}],\"max_length\":30}";

        Frames loosened = RawClient.post(
                        STREAMS, body("discreet", ",\"sluice\":{" + SCRIPT + ",\"transforms\":" + loose + "}"))
                .toEnd()
                .frames();
        Frames tightened = RawClient.post(
                        STREAMS, body("discreet", ",\"sluice\":{" + SCRIPT + "},\"transforms\":" + tight))
                .toEnd()
                .frames();

        assertThat(loosened.text()).hasSize(90).contains("[THING]");
        assertThat(tightened.text()).isEqualTo("[REDACTED] is a streaming [THI");
    }

    @Test
    void nonsenseIsRefusedWithItsPath() {
        RawClient standard = RawClient.post(STREAMS, standard("demo", "{\"redact\":[\"names\"]}"))
                .toEnd();
        RawClient chat = RawClient.post(CHAT, chat("demo", true, "{\"max_length\":\"long\"}"))
                .toEnd();

        assertThat(standard.status()).isEqualTo(400);
        assertThat(Json.read(standard.body()).at("/error/param").asText()).isEqualTo("transforms.redact[0]");
        assertThat(chat.status()).isEqualTo(400);
        assertThat(Json.read(chat.body()).at("/error/param").asText()).isEqualTo("sluice.transforms.max_length");
    }
}
