package dev.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.admission.Gates;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.Session.End;
import dev.sluice.gateway.generation.Session.State;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogConfig;
import dev.sluice.gateway.log.memory.MemoryStreamLogs;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.gateway.time.VirtualTimers;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.Phase;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a stream that nobody reads ends. The idle clock is 30 s here, the clock of the whole stream ten minutes. */
class ReaderWatchTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofMillis(1);
    private static final DisconnectPolicy CANCEL = new DisconnectPolicy.Cancel();
    private static final DisconnectPolicy GRACE = new DisconnectPolicy.Grace(Duration.ofSeconds(15));
    private static final DisconnectPolicy DRAIN = new DisconnectPolicy.Drain(10, Duration.ofSeconds(60));

    private final VirtualTimers timers = new VirtualTimers();
    private final Context context = VERTX.getOrCreateContext();
    private final AdmissionGate gate = Gates.open(timers);
    private final List<Milestone> milestones = new ArrayList<>();
    private final AtomicBoolean upstreamClosed = new AtomicBoolean();
    private @Nullable StreamLog log;
    private @Nullable Generation generation;

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void nothingIsHeldAfterTheEnd() {
        onStream(() -> generation().onItem(new Chunk.Finished(FinishReason.STOP)));
        onStream(generation()::onCompletion);

        assertThat(log().ended()).isTrue();
        assertThat(timers.pending()).isZero();
        assertThat(gate.inUse()).isZero();
        assertThat(milestones).hasSize(log().session().chunks() > 0 ? 3 : 2);
    }

    @Test
    void neverReadAndStandingStillEndsByTheIdleClock() {
        start(GRACE);

        pass(IDLE.minus(TICK));
        assertRuns();
        pass(TICK);

        assertAborted(AbortedBy.IDLE);
        assertThat(upstreamClosed).isTrue();
    }

    @Test
    void neverReadButProgressingRunsOnSinceNobodyHasLeft() {
        start(CANCEL);

        for (int i = 0; i < 15; i++) {
            pass(IDLE.minus(TICK));
            text("more");
        }
        assertRuns();

        pass(IDLE);
        assertAborted(AbortedBy.IDLE);
    }

    @Test
    void neverReadUntilJustInTimeIsReadInPeace() {
        start(GRACE);
        pass(IDLE.minus(TICK));

        read();
        pass(Duration.ofMinutes(5));

        assertRuns();
    }

    @Test
    void readButStandingStillIsTheUpstreamsBusiness() {
        start(CANCEL);
        read();

        pass(Duration.ofMinutes(9));

        assertRuns();
    }

    @Test
    void cancelEndsWithTheLastReader() {
        start(CANCEL);
        LogReader first = read();
        LogReader second = read();

        leave(first);
        assertRuns();
        leave(second);

        assertAborted(AbortedBy.DISCONNECT);
    }

    @Test
    void graceBeginsWhenTheLastReaderLeaves() {
        start(GRACE);
        LogReader reader = read();
        pass(Duration.ofMinutes(1));
        leave(reader);

        pass(Duration.ofSeconds(15).minus(TICK));
        text("progress does not matter");
        assertRuns();
        pass(TICK);

        assertAborted(AbortedBy.DISCONNECT);
    }

    @Test
    void graceBeginsAnewWithEveryLeaving() {
        start(GRACE);
        for (int i = 0; i < 5; i++) {
            LogReader reader = read();
            pass(Duration.ofSeconds(10));
            leave(reader);
            pass(Duration.ofSeconds(14));
            assertRuns();
        }
        pass(Duration.ofSeconds(1));

        assertAborted(AbortedBy.DISCONNECT);
    }

    @Test
    void longGraceIsCutShortByTheIdleClock() {
        start(new DisconnectPolicy.Grace(Duration.ofMinutes(5)));
        leave(read());

        pass(Duration.ofSeconds(20));
        text("a");
        pass(IDLE.minus(TICK));
        assertRuns();
        pass(TICK);

        assertAborted(AbortedBy.IDLE);
    }

    @Test
    void idleTimeBeginsAgainWhenTheReaderLeaves() {
        start(new DisconnectPolicy.Grace(Duration.ofMinutes(5)));
        LogReader reader = read();
        pass(Duration.ofMinutes(1));
        leave(reader);

        pass(IDLE.minus(TICK));
        assertRuns();
        pass(TICK);

        assertAborted(AbortedBy.IDLE);
    }

    @Test
    void drainEndsWithTheTokenThatIsOneTooMany() {
        start(DRAIN);
        LogReader reader = read();
        text(tokens(100));
        leave(reader);

        for (int i = 0; i < 10; i++) {
            text(tokens(1));
            assertRuns();
        }
        text(tokens(1));

        assertAborted(AbortedBy.DISCONNECT);
        End end = Objects.requireNonNull(log().session().standing().end());
        assertThat(end.usageEstimated()).isTrue();
        assertThat(Objects.requireNonNull(end.usage()).outputTokens()).isEqualTo(111);
        assertThat(upstreamClosed).isTrue();
    }

    @Test
    void drainEndsAfterItsTimeHoweverLittleComes() {
        start(DRAIN);
        leave(read());

        for (int i = 0; i < 3; i++) {
            pass(Duration.ofSeconds(19));
            text(tokens(1));
        }
        pass(Duration.ofSeconds(3).minus(TICK));
        assertRuns();
        pass(TICK);

        assertAborted(AbortedBy.DISCONNECT);
    }

    @Test
    void drainLetsAnAnswerThatFitsComeToItsEnd() {
        start(DRAIN);
        leave(read());
        text(tokens(10));

        onStream(() -> generation().onItem(new Chunk.Finished(FinishReason.STOP)));
        onStream(generation()::onCompletion);

        assertThat(log().session().standing().state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void readerThatComesBackLiftsTheBoundsOfADrain() {
        start(DRAIN);
        leave(read());
        text(tokens(10));

        read();
        text(tokens(100));
        pass(Duration.ofMinutes(2));

        assertRuns();
    }

    @Test
    void onlyTheFirstAbortEndsIt() {
        start(GRACE);
        var first = generation().abort(AbortedBy.CALLER);
        var second = generation().abort(AbortedBy.CALLER);
        onStream(() -> {});

        assertThat(first.result()).isTrue();
        assertThat(second.result()).isFalse();
        assertAborted(AbortedBy.CALLER);
    }

    @Test
    void readOrNotItEndsByTheClockOfTheWholeStreamAndSaysWhichClockThatWas() {
        start(GRACE);
        read();
        pass(Duration.ofMinutes(10).minus(TICK));
        assertRuns();

        pass(TICK);

        assertThat(upstreamClosed).isTrue();
        assertThat(milestones.getLast()).isInstanceOfSatisfying(Milestone.Failed.class, failed -> {
            assertThat(failed.error().code()).isEqualTo(ErrorCode.TIMEOUT);
            assertThat(failed.error().phase()).isEqualTo(Phase.TOTAL);
        });
    }

    private void start(DisconnectPolicy policy) {
        ReaderWatch watch = new ReaderWatch(context, timers, policy, IDLE);
        MemoryStreamLogs logs =
                new MemoryStreamLogs(Configured.defaults(StreamLogConfig.class), VERTX, new SimpleMeterRegistry());
        StreamLog opened = logs.open(Examples.generation("s1"), watch).orElseThrow();
        log = opened;
        if (!(gate.enter(Caller.ANONYMOUS, () -> 0) instanceof Admission.Admitted admitted)) {
            throw new AssertionError("there is room");
        }
        Generation started = new Generation(
                opened,
                context,
                timers,
                new AnswerBuilder(JsonNodeFactory.instance.arrayNode().add("ask"), 1_000_000, timers.nanoTime()),
                Transforms.NONE,
                OnInterrupt.FAIL,
                new Milestones(List.of(milestones::add)),
                new Ending.Held(admitted.permit(), watch::forget));
        generation = started;
        onStream(() -> {
            watch.watch(started);
            started.run(
                    Multi.createFrom().<Chunk>nothing().onCancellation().invoke(() -> upstreamClosed.set(true)),
                    Duration.ofMinutes(10));
            started.chronicle().attemptStarted(Examples.target("p"));
        });
        onStream(() -> {});
    }

    private LogReader read() {
        LogReader reader = log().read(0, () -> {});
        onStream(() -> {});
        return reader;
    }

    private void leave(LogReader reader) {
        reader.close();
        onStream(() -> {});
    }

    /** Returns common words, which count as a token each. */
    private static String tokens(int count) {
        return " word".repeat(count);
    }

    private void text(String delta) {
        onStream(() -> generation().onItem(new Chunk.TextDelta(delta)));
    }

    private void pass(Duration time) {
        onStream(() -> timers.advance(time));
    }

    /** Runs on the stream's thread, and waits until all is done that follows from it. */
    private void onStream(Runnable action) {
        for (Runnable step : List.of(action, (Runnable) () -> {})) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            context.runOnContext(_ -> {
                step.run();
                done.complete(true);
            });
            done.join();
        }
    }

    private void assertRuns() {
        assertThat(log().ended()).isFalse();
        assertThat(log().session().standing().state().terminal()).isFalse();
    }

    private void assertAborted(AbortedBy by) {
        assertThat(log().ended()).isTrue();
        assertThat(log().session().standing().state()).isEqualTo(State.ABORTED);
        assertThat(Objects.requireNonNull(log().session().standing().end()).abortedBy())
                .isEqualTo(by);
        assertThat(milestones.getLast()).isInstanceOf(Milestone.Aborted.class);
    }

    private StreamLog log() {
        return Objects.requireNonNull(log);
    }

    private Generation generation() {
        return Objects.requireNonNull(generation);
    }
}
