package dev.sluice.gateway.pipeline;

import static java.util.Map.entry;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every line of {@code failure-matrix.csv}, which says what the columns mean. */
@QuarkusTest
@TestProfile(FaultyProfile.class)
class FailureMatrixTest {

    private static final Path TABLE = Path.of("src", "test", "resources", "failure-matrix.csv");
    private static final String IMPOSSIBLE = "impossible: ";

    /** Failures of which the provider's address is to blame, and the provider that has such an address. */
    private static final Map<String, String> ADDRESSES =
            Map.of("connection-refused", "refused", "unknown-host", "nowhere", "no-tls", "plain");

    /** What the provider does when it fails, after what it did before. */
    private static final Map<String, UpstreamDouble.Script> FAILURES = Map.ofEntries(
            entry("silence", _ -> {}),
            entry("reset", UpstreamCall::reset),
            entry("truncated", UpstreamCall::hangUp),
            entry("early-end", UpstreamCall::end),
            entry("empty-answer", answer("text/event-stream", "")),
            entry("done-at-once", answer("text/event-stream", "data: [DONE]\n\n")),
            entry("not-http", call -> call.say("SSH-2.0-OpenSSH_9.6\r\n\r\n").hangUp()),
            entry("status-302", refusal("302 Found", "Location: http://127.0.0.1:1/\r\n")),
            entry("status-400", refusal("400 Bad Request", "")),
            entry("status-401", refusal("401 Unauthorized", "")),
            entry("status-402", refusal("402 Payment Required", "")),
            entry("status-403", refusal("403 Forbidden", "")),
            entry("status-404", refusal("404 Not Found", "")),
            entry("status-408", refusal("408 Request Timeout", "")),
            entry("status-409", refusal("409 Conflict", "")),
            entry("status-413", refusal("413 Payload Too Large", "")),
            entry("status-418", refusal("418 I'm a teapot", "")),
            entry("status-422", refusal("422 Unprocessable Entity", "")),
            entry("status-429", refusal("429 Too Many Requests", "")),
            entry("status-429-wait", refusal("429 Too Many Requests", "retry-after-ms: 20\r\n")),
            entry("status-429-long-wait", refusal("429 Too Many Requests", "Retry-After: 3600\r\n")),
            entry(
                    "status-429-quota",
                    call -> call.refuse(
                            "429 Too Many Requests", "", error("insufficient_quota", "insufficient_quota"))),
            entry("status-500", refusal("500 Internal Server Error", "")),
            entry("status-502", refusal("502 Bad Gateway", "")),
            entry("status-503", refusal("503 Service Unavailable", "")),
            entry("status-503-wait", refusal("503 Service Unavailable", "retry-after-ms: 20\r\n")),
            entry("status-529", refusal("529 Overloaded", "")),
            entry("web-page", answer("text/html", "<html><body>Welcome to the proxy</body></html>")),
            entry("error-document", answer("application/json", error("server_error", "boom"))),
            entry(
                    "whole-answer",
                    answer(
                            "application/json",
                            "{\"id\":\"up-1\",\"model\":\"real-model\",\"choices\":[{\"index\":0,\"message\":"
                                    + "{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}")),
            entry(
                    "wrong-type-stream",
                    answer("text/plain", UpstreamCall.delta("Hello") + UpstreamCall.frame("{}", "stop"))),
            entry("malformed-event", event("{{{{")),
            entry("error-event", event(error("server_error", "boom"))),
            entry("rate-limit-event", event(error("rate_limit_error", "rate_limit_exceeded"))),
            entry("quota-event", event(error("insufficient_quota", "insufficient_quota"))),
            entry("refusal-event", event(error("invalid_request_error", "bad_value"))));

    private static final AtomicInteger TARGETS = new AtomicInteger();
    private static final AtomicInteger UNREACHABLE = new AtomicInteger();

    private final UpstreamDouble upstream = Doubles.upstream();

    /** How far a call had come. */
    private enum When {
        CONNECT,
        HEAD,
        FIRST_CHUNK,
        MID_STREAM,
        FINISH;

        static When of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        }

        /** Does what a provider does until then. */
        void lead(UpstreamCall call) {
            switch (this) {
                case CONNECT, HEAD -> {}
                case FIRST_CHUNK -> call.begin().data(UpstreamCall.frame("{\"role\":\"assistant\"}", null));
                case MID_STREAM -> call.begin().text("Hello");
                case FINISH -> call.begin().text("Hello").data(UpstreamCall.frame("{}", "stop"));
            }
        }
    }

    /** The ways to ask. */
    private enum Form {
        STANDARD,
        OPENAI,
        OPENAI_WHOLE,
        ANTHROPIC;

        RawClient ask(String model, @Nullable String fallback) {
            String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                    + (fallback == null ? "" : ",\"fallbacks\":[\"" + fallback + "\"]")
                    + (this == ANTHROPIC ? ",\"max_tokens\":50" : "")
                    + ",\"stream\":" + (this != OPENAI_WHOLE) + "}";
            return RawClient.post(path(fallback), body).toEnd();
        }

        private String path(@Nullable String fallback) {
            return switch (this) {
                case STANDARD -> "/v1/streams";
                case OPENAI -> fallback == null ? "/v1/chat/completions" : "/v1/streams?format=openai";
                case OPENAI_WHOLE -> "/v1/chat/completions";
                case ANTHROPIC -> "/v1/messages";
            };
        }
    }

    /** What the next target would do. */
    private enum Next {
        NONE,
        ANSWERS,
        FAILS
    }

    /** One line. */
    private record Row(
            String failure,
            When when,
            String ends,
            String cause,
            int status,
            boolean retryable,
            String phase,
            @Nullable Integer waitMs,
            int attempts,
            boolean next,
            int breaker) {

        static Row of(List<String> cells) {
            return new Row(
                    cells.get(0),
                    When.of(cells.get(1)),
                    cells.get(2),
                    cells.get(3),
                    Integer.parseInt(cells.get(4)),
                    cells.get(5).equals("yes"),
                    cells.get(6),
                    cells.get(7).isEmpty() ? null : Integer.valueOf(cells.get(7)),
                    Integer.parseInt(cells.get(8)),
                    cells.get(9).equals("yes"),
                    Integer.parseInt(cells.get(10)));
        }

        boolean completes() {
            return ends.equals("complete");
        }

        /** Whether some of the answer came before. */
        boolean partial() {
            return when == When.MID_STREAM;
        }

        /** Clients know it for "do not": what may pass is theirs to decide, unless we know when. */
        String shouldRetry() {
            if (ends.equals("RATE_LIMIT")) {
                return waitMs != null && waitMs > 60_000 ? "false" : "true";
            }
            return retryable || status < 409 ? "" : "false";
        }

        String text() {
            return partial() || completes() ? "Hello" : "";
        }

        @Override
        public String toString() {
            return failure + " at " + when;
        }
    }

    static Stream<Row> rows() throws IOException {
        return lines().filter(cells -> cells.size() == 11).map(Row::of);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void callersSeeAndProvidersMeetWhatTheTableSays(Row row) throws Exception {
        List<Runnable> cases = new ArrayList<>();
        for (Form form : Form.values()) {
            cases.add(() -> play(row, form, Next.NONE));
        }
        cases.add(() -> play(row, Form.STANDARD, Next.ANSWERS));
        cases.add(() -> play(row, Form.STANDARD, Next.FAILS));
        cases.add(() -> play(row, Form.OPENAI, Next.ANSWERS));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> played = new ArrayList<>();
            cases.forEach(one -> played.add(threads.submit(one)));
            for (Future<?> one : played) {
                one.get();
            }
        }
    }

    /** What cannot happen is named, so that nothing is forgotten. */
    @Test
    void tableHasEveryFailureInEveryPhaseOnce() throws IOException {
        Set<String> named = new TreeSet<>(ADDRESSES.keySet());
        named.addAll(FAILURES.keySet());
        List<String> told = new ArrayList<>(rows().map(Row::toString).toList());
        lines().filter(cells -> cells.size() == 3).forEach(cells -> {
            assertThat(cells.get(2)).startsWith(IMPOSSIBLE);
            List<String> whose = cells.get(0).equals("-")
                    ? named.stream().filter(failure -> toldOnce(failure, told)).toList()
                    : List.of(cells.get(0).split(" ", -1));
            for (String failure : whose) {
                for (String when : cells.get(1).split(" ", -1)) {
                    told.add(failure + " at " + When.of(when));
                }
            }
        });

        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(named.stream()
                        .flatMap(failure -> Arrays.stream(When.values()).map(when -> failure + " at " + when))
                        .toList());
    }

    private static boolean toldOnce(String failure, List<String> told) {
        return told.stream().filter(one -> one.startsWith(failure + " at ")).count() == 1;
    }

    private void play(Row row, Form form, Next next) {
        String about = row + ", " + form + ", next " + next;
        Target first = new Target(row);
        Target second = next == Next.NONE ? null : new Target(next == Next.FAILS ? row : null);

        RawClient client = form.ask(first.model, second == null ? null : second.model);

        if (next == Next.ANSWERS && row.next()) {
            assertCompletes(about, client, form, "well", row.attempts() + 1);
        } else if (row.completes()) {
            assertCompletes(about, client, form, row.text(), row.attempts());
        } else if (form == Form.STANDARD) {
            assertStandardError(about, client, row);
        } else if (row.partial() && form != Form.OPENAI_WHOLE) {
            assertErrorEvent(about, client, form, row);
        } else {
            assertStatus(about, client, form, row);
        }
        first.assertMet(about, row.attempts(), row.breaker());
        if (second != null) {
            boolean fails = next == Next.FAILS;
            second.assertMet(
                    about, !row.next() ? 0 : fails ? row.attempts() : 1, row.next() && fails ? row.breaker() : 0);
        }
    }

    private static void assertCompletes(String about, RawClient client, Form form, String text, int attempts) {
        assertThat(client.status()).as("%s: %s", about, client.body()).isEqualTo(200);
        assertThat(text(client, form)).as(about).isEqualTo(text);
        if (form == Form.STANDARD) {
            List<Frames.Frame> ends = endings(client);
            assertThat(ends).as(about).extracting(Frames.Frame::type).containsExactly("complete");
            JsonNode data = ends.getFirst().json().path("data");
            assertThat(data.path("final_response").asText()).as(about).isEqualTo(text);
            assertThat(data.path("attempts").asInt()).as(about).isEqualTo(attempts);
        } else {
            assertThat(client.body()).as(about).doesNotContain("event: error").doesNotContain("\"error\":");
        }
    }

    private static void assertStandardError(String about, RawClient client, Row row) {
        assertThat(client.status()).as(about).isEqualTo(200);
        assertThat(client.frames().text()).as(about).isEqualTo(row.text());
        List<Frames.Frame> ends = endings(client);
        assertThat(ends).as(about).extracting(Frames.Frame::type).containsExactly("error");
        JsonNode data = ends.getFirst().json().path("data");
        assertThat(data.path("code").asText()).as(about).isEqualTo(row.ends());
        assertThat(data.path("cause").asText()).as(about).isEqualTo(row.cause());
        assertThat(data.path("retryable").asBoolean()).as(about).isEqualTo(row.retryable());
        assertThat(data.path("phase").asText()).as(about).isEqualTo(row.phase());
        assertThat(data.path("partial").asBoolean()).as(about).isEqualTo(row.partial());
        assertThat(data.has("retry_after_ms")).as(about).isEqualTo(row.waitMs() != null);
        if (row.waitMs() != null) {
            assertThat(data.path("retry_after_ms").asInt()).as(about).isEqualTo(row.waitMs());
        }
    }

    private static void assertErrorEvent(String about, RawClient client, Form form, Row row) {
        assertThat(client.status()).as("%s: %s", about, client.body()).isEqualTo(200);
        assertThat(text(client, form)).as(about).isEqualTo(row.text());
        List<Frames.Frame> errors = client.frames().events().stream()
                .filter(frame -> "error".equals(frame.event()))
                .toList();
        assertThat(errors).as(about).hasSize(1);
        assertThat(code(errors.getFirst().json(), form)).as(about).isEqualTo(row.ends());
        assertThat(client.body()).as(about).doesNotContain("\"finish_reason\":\"", "message_stop");
        Frames.Frame last = client.frames().last();
        assertThat(last.data().equals("[DONE]")).as(about).isEqualTo(form == Form.OPENAI);
    }

    private static void assertStatus(String about, RawClient client, Form form, Row row) {
        int status = form == Form.ANTHROPIC && row.status() == 503 ? 529 : row.status();
        assertThat(client.status()).as("%s: %s", about, client.body()).isEqualTo(status);
        JsonNode body = Json.read(client.body());
        assertThat(code(body, form)).as(about).isEqualTo(row.ends());
        if (form != Form.ANTHROPIC) {
            assertThat(body.at("/error/cause").asText("")).as(about).isEqualTo(row.cause());
        }
        Integer wait = row.waitMs();
        assertThat(client.header("retry-after-ms"))
                .as(about)
                .isEqualTo(wait == null ? "" : String.valueOf(Math.min(wait, 60_000)));
        assertThat(client.header("retry-after"))
                .as(about)
                .isEqualTo(wait == null ? "" : String.valueOf(Math.clamp(wait / 1_000, 1, 60)));
        assertThat(client.header("x-should-retry")).as(about).isEqualTo(row.shouldRetry());
    }

    private static String code(JsonNode body, Form form) {
        return body.at(form == Form.ANTHROPIC ? "/error/details/error_code" : "/error/code")
                .asText();
    }

    private static List<Frames.Frame> endings(RawClient client) {
        return client.frames().events().stream()
                .filter(frame -> Set.of("error", "complete").contains(frame.type()))
                .toList();
    }

    private static String text(RawClient client, Form form) {
        return switch (form) {
            case STANDARD -> client.frames().text();
            case OPENAI -> client.frames().completionText();
            case OPENAI_WHOLE ->
                Json.read(client.body()).at("/choices/0/message/content").asText();
            case ANTHROPIC ->
                client.frames().events().stream()
                        .map(frame -> frame.json().at("/delta/text").asText(""))
                        .collect(Collectors.joining());
        };
    }

    /** A target that nobody else asks. */
    private final class Target {

        private final String model;
        private final boolean counts;
        private final AtomicInteger calls = new AtomicInteger();
        private volatile boolean examined;

        /** Makes a target that fails, or one that is well. */
        Target(@Nullable Row row) {
            String address = row == null ? null : address(row);
            counts = address == null;
            if (address == null) {
                model = "target-" + TARGETS.getAndIncrement();
                upstream.model(model, call -> answer(call, row));
            } else {
                model = address + "-" + UNREACHABLE.getAndIncrement() % FaultyProfile.UNREACHABLE;
            }
        }

        private static @Nullable String address(Row row) {
            return row.when() == When.CONNECT && row.failure().equals("silence")
                    ? "mute"
                    : ADDRESSES.get(row.failure());
        }

        private void answer(UpstreamCall call, @Nullable Row row) throws IOException {
            if (examined) {
                call.refuse("503 Service Unavailable", "", "{}");
                return;
            }
            calls.incrementAndGet();
            if (row == null) {
                call.answer("well");
            } else {
                row.when().lead(call);
                Objects.requireNonNull(FAILURES.get(row.failure())).answer(call);
            }
        }

        /** Fails until the breaker opens: the attempts that this takes tell how many failures it had counted before. */
        void assertMet(String about, int expectedCalls, int failures) {
            if (counts) {
                assertThat(calls).as("%s: calls", about).hasValue(expectedCalls);
            }
            examined = true;
            long attempts = Form.STANDARD.ask(model, null).frames().phases().stream()
                    .filter("connecting"::equals)
                    .count();
            assertThat(FaultyProfile.OPENS_AT - attempts)
                    .as("%s: failures counted", about)
                    .isEqualTo(failures);
        }
    }

    private static UpstreamDouble.Script refusal(String status, String headers) {
        return call -> call.refuse(status, headers, "{\"error\":{\"message\":\"No.\"}}");
    }

    private static UpstreamDouble.Script answer(String type, String body) {
        return call -> call.say("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private static UpstreamDouble.Script event(String data) {
        return call -> call.data("data: " + data + "\n\n");
    }

    private static String error(String type, String code) {
        return "{\"error\":{\"message\":\"No.\",\"type\":\"" + type + "\",\"code\":\"" + code + "\"}}";
    }

    private static Stream<List<String>> lines() throws IOException {
        return Files.readAllLines(TABLE).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList());
    }
}
