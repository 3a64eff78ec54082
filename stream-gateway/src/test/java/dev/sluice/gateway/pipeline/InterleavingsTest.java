package dev.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.LogTap;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Session.State;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.resilience.Breakers;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.time.VirtualTimers;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.ProviderFailure;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Plays streams in which chunks, failures, completions, timeouts, aborts and readers come in a random order, on everything
 * between the pipeline's door and the providers, and looks after each whether anything is held: permits, alarms, upstream
 * calls, probes. {@code -Dinterleavings.seed=…} plays one of them again.
 */
@QuarkusTest
@TestProfile(InterleavingsProfile.class)
class InterleavingsTest {

    private static final int IN_ORDER = 10_000;
    private static final int DISTURBED = 3_000;
    private static final int ATTEMPTS = 3;
    private static final Caller CALLER = new Caller("somebody");
    private static final List<String> PROVIDERS = List.of("first", "second");
    private static final List<ProviderFailure> FAILURES = Examples.failures();
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration BACKOFFS = Duration.ofSeconds(3);
    private static final long[] WAITS_MS = {1, 200, 1_000, 1_001, 2_000, 3_000, 4_000, 7_000};

    @Inject
    GenerationPipeline pipeline;

    @Inject
    AdmissionGate gate;

    @Inject
    Timers timers;

    @Inject
    ScriptedProvider provider;

    @Inject
    MilestoneTap milestones;

    @Inject
    Vertx vertx;

    private final Map<State, Integer> endings = new EnumMap<>(State.class);
    private int retried;
    private int fellBack;

    @Test
    void nothingIsHeldAfterAnyOrderOfEvents() throws Exception {
        playAll(IN_ORDER, null);

        assertThat(endings.get(State.COMPLETED)).isGreaterThan(IN_ORDER / 20);
        assertThat(endings.get(State.FAILED)).isGreaterThan(IN_ORDER / 20);
        assertThat(endings.get(State.ABORTED)).isGreaterThan(IN_ORDER / 20);
        assertThat(retried).isGreaterThan(IN_ORDER / 20);
        assertThat(fellBack).isGreaterThan(IN_ORDER / 20);
    }

    @Test
    void nothingIsHeldWhenOtherThreadsInterfere() throws Exception {
        try (ExecutorService others = Executors.newFixedThreadPool(3)) {
            playAll(DISTURBED, others);
        }

        assertThat(endings.get(State.COMPLETED)).isGreaterThan(DISTURBED / 50);
        assertThat(endings.get(State.ABORTED)).isGreaterThan(DISTURBED / 5);
    }

    private void playAll(int count, @Nullable ExecutorService others) throws Exception {
        Long chosen = Long.getLong("interleavings.seed");
        long first = chosen == null ? System.nanoTime() : chosen;
        System.out.println("InterleavingsTest seeds from " + first);
        Context context = vertx.getOrCreateContext();
        // Thousands of streams fail on purpose here, by refused credentials and by bugs, and breakers open.
        List<Logger> operators = Stream.of(Generation.class, Chronicle.class, Breakers.class)
                .map(type -> Logger.getLogger(type.getName()))
                .toList();
        operators.forEach(logger -> logger.setFilter(_ -> false));
        try (LogTap log = new LogTap()) {
            for (long seed = first; seed < first + (chosen == null ? count : 1); seed++) {
                CompletableFuture<State> ended = new CompletableFuture<>();
                Play play = new Play(context, seed, others, ended);
                context.runOnContext(_ -> play.begin());
                try {
                    endings.merge(ended.get(20, TimeUnit.SECONDS), 1, Integer::sum);
                } catch (Exception e) {
                    throw new AssertionError("seed " + seed + ": " + play.told, e);
                }
            }
            assertThat(log.errors()).as("seeds from %d", first).isEmpty();
        } finally {
            operators.forEach(logger -> logger.setFilter(null));
        }
    }

    private VirtualTimers time() {
        return (VirtualTimers) timers;
    }

    /** One stream from its start to the end of everything that happens to it. All but the disturbers run on its context. */
    private final class Play {

        private final Context context;
        private final Random random;
        private final @Nullable ExecutorService others;
        private final CompletableFuture<State> ended;
        private final StreamKey key;
        private final List<String> told = new ArrayList<>();
        private final List<CompletableFuture<Void>> disturbances = new ArrayList<>();
        private final boolean beginsWithAProbe;
        private final boolean goesOnAfterTheEnd;
        private final OnInterrupt onInterrupt;
        private int stepsLeft;
        private @Nullable StreamLog log;
        private @Nullable LogReader reader;

        Play(Context context, long seed, @Nullable ExecutorService others, CompletableFuture<State> ended) {
            this.context = context;
            this.random = new Random(seed);
            this.others = others;
            this.ended = ended;
            this.key = new StreamKey(CALLER, StreamId.random());
            this.beginsWithAProbe = random.nextInt(4) == 0;
            this.goesOnAfterTheEnd = random.nextInt(4) == 0;
            this.stepsLeft = 4 + random.nextInt(20);
            this.onInterrupt = random.nextInt(3) == 0 ? OnInterrupt.CONTINUE : OnInterrupt.FAIL;
        }

        void begin() {
            safely(() -> {
                provider.reset();
                if (beginsWithAProbe) {
                    openTheFirstBreaker();
                }
                provider.whenAsked(this::reactAtOnce);
                milestones.take();
                log = pipeline.start(request(key.id(), PROVIDERS.getFirst(), List.of(PROVIDERS.getLast())));
                if (others != null) {
                    disturb(others);
                }
                next();
            });
        }

        /** Opens it and lets its pause pass. */
        private void openTheFirstBreaker() {
            told.add("probe");
            String first = PROVIDERS.getFirst();
            provider.whenAsked(call -> call.fail(FAILURES.getFirst()));
            while (!milestones.breaker(first).equals("open")) {
                pipeline.start(request(StreamId.random(), first, List.of()));
                time().advance(BACKOFFS);
            }
            time().advance(PAUSE);
            provider.reset();
        }

        private void next() {
            context.runOnContext(_ -> safely(() -> {
                boolean over = log().ended() && !goesOnAfterTheEnd;
                if (over || stepsLeft-- == 0) {
                    bringToAnEnd();
                } else {
                    step();
                    next();
                }
            }));
        }

        /** Some providers fail, or answer, before anybody can take a breath. */
        private void reactAtOnce(ScriptedProvider.Call call) {
            switch (random.nextInt(12)) {
                case 0 -> {
                    told.add("fails at once");
                    call.fail(oneOf(FAILURES));
                }
                case 1 -> {
                    told.add("answers at once");
                    call.start();
                    call.text();
                }
                case 2 -> {
                    told.add("ends at once");
                    call.end();
                }
                default -> told.add("asked");
            }
        }

        private void step() {
            ScriptedProvider.Call call =
                    provider.calls().isEmpty() ? null : provider.calls().getLast();
            int what = random.nextInt(100);
            if (what < 35) {
                Duration wait = Duration.ofMillis(WAITS_MS[random.nextInt(WAITS_MS.length)]);
                told.add("wait " + wait.toMillis());
                time().advance(wait);
            } else if (what < 78) {
                if (call != null && call.open()) {
                    act(call, what - 35);
                }
            } else if (what < 82) {
                told.add("abort");
                pipeline.abort(key);
            } else if (what < 84) {
                told.add("abort all");
                var _ = pipeline.abortAll(List.of(CALLER));
            } else {
                comeOrGo();
            }
        }

        private void act(ScriptedProvider.Call call, int what) {
            if (what < 4) {
                told.add("start");
                call.start();
            } else if (what < 14) {
                told.add("text");
                call.text();
            } else if (what < 21) {
                told.add("finish");
                call.finish();
            } else if (what < 24) {
                told.add("end");
                call.end();
            } else if (what < 42) {
                ProviderFailure failure = oneOf(FAILURES);
                told.add("fail " + failure);
                call.fail(failure);
            } else {
                told.add("break down");
                call.breakDown(new IllegalStateException("a bug of an adapter"));
            }
        }

        private void comeOrGo() {
            LogReader open = reader;
            if (open == null) {
                told.add("reader comes");
                reader = log().read(0, () -> {});
            } else {
                told.add("reader goes");
                open.close();
                reader = null;
            }
        }

        private void disturb(ExecutorService threads) {
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                int what = random.nextInt(8);
                long delayNanos = random.nextInt(60_000);
                disturbances.add(CompletableFuture.runAsync(() -> interfere(what, delayNanos), threads));
            }
        }

        private void interfere(int what, long delayNanos) {
            long from = System.nanoTime();
            while (System.nanoTime() - from < delayNanos) {
                Thread.onSpinWait();
            }
            switch (what) {
                case 0, 1 -> pipeline.abort(key);
                case 2 -> pipeline.abortAll(List.of(CALLER));
                default -> {
                    try (LogReader other = log().read(0, () -> {})) {
                        LockSupport.parkNanos(delayNanos);
                        other.poll();
                    }
                }
            }
        }

        private void bringToAnEnd() {
            LogReader open = reader;
            if (open != null) {
                open.close();
            }
            if (random.nextBoolean()) {
                pipeline.abort(key);
            }
            var _ = CompletableFuture.allOf(disturbances.toArray(CompletableFuture[]::new))
                    .whenComplete((_, failure) -> context.runOnContext(_ -> safely(() -> {
                        assertThat(failure).isNull();
                        waitForTheTotalClock();
                    })));
        }

        /** In small steps, so that nothing else has time to heal what the end left behind. */
        private void waitForTheTotalClock() {
            for (int i = 0; i < 100 && !log().ended(); i++) {
                time().advance(Duration.ofMillis(500));
                told.add("wait 500");
            }
            // An abort may still be on its way through the context.
            context.runOnContext(_ -> safely(() -> {
                check();
                for (String name : PROVIDERS) {
                    checkBreakerLetsThrough(name);
                }
                ended.complete(log().session().standing().state());
            }));
        }

        private void check() {
            assertThat(log().ended()).as("ended").isTrue();
            assertThat(gate.inUse()).as("permits").isZero();
            assertThat(time().pending()).as("alarms").isZero();
            assertThat(provider.calls()).as("upstream calls").noneMatch(ScriptedProvider.Call::open);
            checkCalls();
            checkLog();
            checkMilestones();
        }

        private void checkCalls() {
            List<ScriptedProvider.Call> calls = provider.calls();
            // A target has its streamed attempts and a whole one, and that again after each of two seams.
            int mostAttempts = (ATTEMPTS + 1) * (onInterrupt == OnInterrupt.CONTINUE ? 3 : 1);
            for (String name : PROVIDERS) {
                assertThat(calls)
                        .filteredOn(call -> call.provider().equals(name))
                        .hasSizeLessThanOrEqualTo(mostAttempts);
            }
            if (onInterrupt == OnInterrupt.FAIL) {
                assertThat(calls.subList(0, Math.max(0, calls.size() - 1)))
                        .as("nobody is asked after an answer began")
                        .noneMatch(ScriptedProvider.Call::answered);
            }
            retried += calls.size() > 1 ? 1 : 0;
            fellBack += calls.stream().anyMatch(call -> call.provider().equals(PROVIDERS.getLast())) ? 1 : 0;
        }

        private void checkLog() {
            List<StreamEvent> events = new ArrayList<>();
            try (LogReader all = log().read(0, () -> {})) {
                for (StreamEvent event = all.poll(); event != null; event = all.poll()) {
                    events.add(event);
                }
            }
            assertThat(events).filteredOn(StreamEvent::terminal).containsExactly(events.getLast());
            StringBuilder text = new StringBuilder();
            for (StreamEvent event : events) {
                if (event instanceof StreamEvent.Text piece) {
                    text.append(piece.content());
                }
            }
            if (events.getLast() instanceof StreamEvent.Completed completed) {
                assertThat(completed.answer().text()).isEqualTo(text.toString());
            }
        }

        private void checkMilestones() {
            List<Milestone> heard = milestones.take();
            assertThat(heard.getFirst()).isInstanceOf(Milestone.Started.class);
            assertThat(heard.stream().skip(1)).noneMatch(Milestone.Started.class::isInstance);
            assertThat(heard).filteredOn(Milestone.FirstChunk.class::isInstance).hasSizeLessThanOrEqualTo(1);
            assertThat(heard).filteredOn(Play::endsAStream).containsExactly(heard.getLast());
            assertThat(heard.getLast().getClass().getSimpleName())
                    .isEqualToIgnoringCase(log().session().standing().state().name());
        }

        private static boolean endsAStream(Milestone milestone) {
            return milestone instanceof Milestone.Completed
                    || milestone instanceof Milestone.Failed
                    || milestone instanceof Milestone.Aborted;
        }

        /** A probe that nobody gave back would keep everybody out. */
        private void checkBreakerLetsThrough(String name) {
            if (milestones.breaker(name).equals("open")) {
                time().advance(PAUSE);
            }
            provider.reset();
            provider.whenAsked(call -> {
                call.start();
                call.text();
                call.finish();
            });
            StreamLog answer = pipeline.start(request(StreamId.random(), name, List.of()));
            assertThat(answer.session().standing().state())
                    .as("next stream of " + name + ", whose breaker is " + milestones.breaker(name))
                    .isEqualTo(State.COMPLETED);
            milestones.take();
        }

        private GenerationRequest request(StreamId id, String name, List<String> fallbacks) {
            return new GenerationRequest(
                    CALLER,
                    id,
                    name + "/x",
                    fallbacks.stream().map(fallback -> fallback + "/x").toList(),
                    null,
                    ChatRequest.of((ObjectNode) Json.read("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")),
                    "/v1/streams",
                    true,
                    null,
                    policy(),
                    onInterrupt,
                    Transforms.NONE);
        }

        private DisconnectPolicy policy() {
            return switch (random.nextInt(3)) {
                case 0 -> new DisconnectPolicy.Cancel();
                case 1 -> new DisconnectPolicy.Grace(Duration.ofSeconds(2));
                default -> new DisconnectPolicy.Drain(2, Duration.ofSeconds(6));
            };
        }

        private StreamLog log() {
            StreamLog opened = log;
            if (opened == null) {
                throw new IllegalStateException("not begun");
            }
            return opened;
        }

        private <T> T oneOf(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private void safely(Runnable action) {
            try {
                action.run();
            } catch (Throwable e) {
                ended.completeExceptionally(e);
            }
        }
    }
}
