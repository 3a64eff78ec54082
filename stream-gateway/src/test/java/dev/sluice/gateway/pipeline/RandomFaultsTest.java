package dev.sluice.gateway.pipeline;

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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Providers fail in random ways at random moments. Whatever they do, a caller sees the text of one answer or its beginning,
 * and is told which. {@code -Dfaults.seed=…} plays one script again.
 */
@QuarkusTest
@TestProfile(FaultyProfile.class)
class RandomFaultsTest {

    private static final int SCRIPTS = 500;
    private static final int AT_ONCE = 16;
    private static final int ATTEMPTS = 3;
    private static final List<End> ENDS = List.of(End.values());

    private final UpstreamDouble upstream = Doubles.upstream();
    private final AtomicInteger complete = new AtomicInteger();
    private final AtomicInteger partial = new AtomicInteger();
    private final AtomicInteger recovered = new AtomicInteger();

    /** How a call ends. */
    private enum End {
        FINISH,
        NO_DONE,
        RESET,
        HANG_UP,
        CUT_FRAME,
        EARLY_END,
        MALFORMED,
        ERROR_EVENT,
        RATE_LIMIT_EVENT,
        STATUS_503,
        STATUS_429,
        STATUS_401,
        STATUS_400,
        EMPTY,
        STALL
    }

    /** What a caller was told: the text, whether it is whole, and the error's code where it is not. */
    private record Seen(String text, boolean complete, String code) {}

    @Test
    void textIsThatOfOneAnswerOrItsBeginningAndTheEndSaysWhich() throws Exception {
        Long chosen = Long.getLong("faults.seed");
        long first = chosen == null ? System.nanoTime() : chosen;
        System.out.println("RandomFaultsTest seeds from " + first);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            Map<Long, Future<?>> played = new LinkedHashMap<>();
            for (long seed = first; seed < first + (chosen == null ? SCRIPTS : 1); seed++) {
                Play play = new Play(seed);
                played.put(seed, threads.submit(play::run));
            }
            for (Map.Entry<Long, Future<?>> one : played.entrySet()) {
                try {
                    one.getValue().get();
                } catch (Exception e) {
                    throw new AssertionError("seed " + one.getKey(), e);
                }
            }
        }
        if (chosen == null) {
            assertThat(complete).hasValueGreaterThan(SCRIPTS / 25);
            assertThat(partial).hasValueGreaterThan(SCRIPTS / 25);
            assertThat(recovered).hasValueGreaterThan(SCRIPTS / 25);
        }
    }

    /** One request, and everything that its providers do. */
    private final class Play {

        private final long seed;
        private final Random random;
        private final List<Answer> answers = new CopyOnWriteArrayList<>();

        Play(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            List<String> models = new ArrayList<>();
            int targets = 1 + random.nextInt(3);
            for (int i = 0; i < targets; i++) {
                int target = i;
                AtomicInteger calls = new AtomicInteger();
                models.add(upstream.model(call -> {
                    Answer answer = new Answer(seed, target, calls.getAndIncrement());
                    answers.add(answer);
                    answer.play(call);
                }));
            }

            Seen seen = ask(models);

            check(seen);
            for (String model : models) {
                assertThat(upstream.calls(model)).as("calls of a target").isLessThanOrEqualTo(ATTEMPTS + 1);
            }
        }

        private void check(Seen seen) {
            String about = seen + " of " + answers;
            List<Answer> sources = answers.stream()
                    .filter(answer -> answer.text.startsWith(seen.text()))
                    .toList();
            assertThat(sources).as(about).isNotEmpty();
            Answer last = answers.getLast();
            if (!seen.text().isEmpty()) {
                assertThat(sources).as(about).containsExactly(last);
            }
            if (seen.complete()) {
                assertThat(last.finished()).as(about).isTrue();
                assertThat(seen.text()).as(about).isEqualTo(last.text);
                complete.incrementAndGet();
                recovered.addAndGet(answers.size() > 1 ? 1 : 0);
            } else {
                assertThat(seen.code()).as(about).isNotEmpty();
                assertThat(last.end == End.FINISH && !seen.code().equals("TIMEOUT"))
                        .as(about)
                        .isFalse();
                partial.addAndGet(seen.text().isEmpty() ? 0 : 1);
            }
        }

        private Seen ask(List<String> models) {
            String fallbacks = models.stream().skip(1).map(Json::string).collect(Collectors.joining(","));
            String body =
                    "{\"model\":\"" + models.getFirst() + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                            + (fallbacks.isEmpty() ? "" : ",\"fallbacks\":[" + fallbacks + "]") + "}";
            return random.nextBoolean()
                    ? standard(RawClient.post("/v1/streams", body).toEnd())
                    : openai(RawClient.post("/v1/streams?format=openai", body).toEnd());
        }

        private static Seen standard(RawClient client) {
            Frames frames = client.frames();
            assertThat(frames.types())
                    .filteredOn(type -> type.equals("complete") || type.equals("error"))
                    .as(client.body())
                    .containsExactly(frames.last().type());
            boolean complete = frames.last().type().equals("complete");
            JsonNode data = frames.last().json().path("data");
            if (complete) {
                assertThat(data.path("final_response").asText()).isEqualTo(frames.text());
            } else {
                assertThat(data.path("partial").asBoolean())
                        .isEqualTo(!frames.text().isEmpty());
            }
            return new Seen(frames.text(), complete, data.path("code").asText());
        }

        private static Seen openai(RawClient client) {
            if (client.status() != 200) {
                return new Seen(
                        "", false, Json.read(client.body()).at("/error/code").asText());
            }
            List<Frames.Frame> events = client.frames().events();
            List<String> ends = events.stream()
                    .filter(frame -> frame.data().contains("\"finish_reason\":\"") || frame.event() != null)
                    .map(Frames.Frame::data)
                    .toList();
            assertThat(ends).as(client.body()).hasSize(1);
            assertThat(events.getLast().data()).isEqualTo("[DONE]");
            String code = Json.read(ends.getFirst()).at("/error/code").asText();
            return new Seen(client.frames().completionText(), code.isEmpty(), code);
        }
    }

    /** What one call is answered. No two calls have a piece of text in common. */
    private static final class Answer {

        private final Random random;
        private final End end;
        private final List<String> pieces = new ArrayList<>();
        private final String text;

        Answer(long seed, int target, int call) {
            this.random = new Random(31 * (31 * seed + target) + call);
            this.end = random.nextInt(4) == 0 ? End.FINISH : ENDS.get(random.nextInt(ENDS.size()));
            int count = random.nextInt(3) == 0 ? 0 : random.nextInt(6);
            for (int i = 0; i < count; i++) {
                pieces.add("<" + target + "." + call + "." + i + ">");
            }
            this.text = refuses() ? "" : String.join("", pieces);
        }

        boolean finished() {
            return end == End.FINISH || end == End.NO_DONE;
        }

        private boolean refuses() {
            return switch (end) {
                case STATUS_503, STATUS_429, STATUS_401, STATUS_400, EMPTY -> true;
                case FINISH,
                        NO_DONE,
                        RESET,
                        HANG_UP,
                        CUT_FRAME,
                        EARLY_END,
                        MALFORMED,
                        ERROR_EVENT,
                        RATE_LIMIT_EVENT,
                        STALL -> false;
            };
        }

        void play(UpstreamCall call) {
            if (!refuses()) {
                call.begin();
                if (random.nextBoolean()) {
                    call.data(UpstreamCall.frame("{\"role\":\"assistant\"}", null));
                }
                say(call);
            }
            end(call);
        }

        /** Frames are cut anywhere. */
        private void say(UpstreamCall call) {
            byte[] all = pieces.stream()
                    .map(UpstreamCall::delta)
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);
            int at = 0;
            while (at < all.length) {
                int to = Math.min(all.length, at + 1 + random.nextInt(400));
                call.data(Arrays.copyOfRange(all, at, to));
                at = to;
            }
        }

        private void end(UpstreamCall call) {
            switch (end) {
                case FINISH -> call.finish();
                case NO_DONE -> call.data(UpstreamCall.frame("{}", "stop")).end();
                case RESET -> call.reset();
                case HANG_UP -> call.hangUp();
                case CUT_FRAME ->
                    call.data("data: {\"id\":\"up-1\",\"choices\":[{\"index\":0,\"del")
                            .hangUp();
                case EARLY_END -> call.end();
                case MALFORMED -> call.data("data: {{{{\n\n").end();
                case ERROR_EVENT -> call.data(error("server_error")).end();
                case RATE_LIMIT_EVENT -> call.data(error("rate_limit_error")).end();
                case STATUS_503 -> call.refuse("503 Service Unavailable", "", "{}");
                case STATUS_429 -> call.refuse("429 Too Many Requests", "retry-after-ms: 10\r\n", "{}");
                case STATUS_401 -> call.refuse("401 Unauthorized", "", "{}");
                case STATUS_400 -> call.refuse("400 Bad Request", "", "{}");
                case EMPTY ->
                    call.say("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n");
                case STALL -> {}
            }
        }

        private static String error(String type) {
            return "data: {\"error\":{\"message\":\"No.\",\"type\":\"" + type + "\"}}\n\n";
        }

        @Override
        public String toString() {
            return text + " " + end;
        }
    }
}
