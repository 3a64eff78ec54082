package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.time.VirtualTimers;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import dev.sluice.stream.TokenUsage;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.groups.MultiSubscribe;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamTimeoutsTest {

    private int firstChunks;
    private final VirtualTimers timers = new VirtualTimers();
    private long lastDeltaNanos = timers.nanoTime();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AssertSubscriber<Chunk> reader = limited().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));

    private MultiSubscribe<Chunk> limited() {
        return limited(StreamClocks.DEFAULTS).subscribe();
    }

    private Multi<Chunk> limited(StreamClocks clocks) {
        return limited(timers, clocks);
    }

    private Multi<Chunk> limited(Timers clock, StreamClocks clocks) {
        return new StreamTimeouts(clock)
                .limit(upstream.call(), clocks, () -> lastDeltaNanos, () -> firstChunks++)
                .onItem()
                .invoke(this::note);
    }

    /** What the pipeline does behind the clocks. */
    private void note(Chunk chunk) {
        switch (chunk) {
            case Chunk.TextDelta _, Chunk.ReasoningDelta _, Chunk.ToolCallDelta _ -> lastDeltaNanos = timers.nanoTime();
            case Chunk.Started _, Chunk.UsageReported _, Chunk.Finished _ -> {}
        }
    }

    static Stream<Chunk> signsOfLife() {
        return Stream.of(
                new Chunk.TextDelta("b"),
                new Chunk.ReasoningDelta("Hm."),
                new Chunk.ToolCallDelta(0, "id", "name", "{"),
                new Chunk.UsageReported(TokenUsage.of(1, 2)),
                new Chunk.Finished(FinishReason.STOP));
    }

    private AssertSubscriber<Chunk> whole(@Nullable Duration limit) {
        StreamClocks clocks =
                new StreamClocks(Duration.ofMinutes(2), limit, Duration.ofSeconds(30), Duration.ofMinutes(10));
        return limited(clocks.forWholeAnswers()).subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    @Test
    void givesAWholeAnswerAllTheTimeThatTheStreamHas() {
        AssertSubscriber<Chunk> whole = whole(null);

        pass(599_999);
        whole.assertNotTerminated();
        pass(1);

        assertTimedOut(whole, Phase.FIRST_CHUNK, 600);
    }

    @Test
    void givesAWholeAnswerNoMoreThanItIsGranted() {
        AssertSubscriber<Chunk> whole = whole(Duration.ofMinutes(5));

        pass(299_999);
        whole.assertNotTerminated();
        pass(1);

        assertTimedOut(whole, Phase.FIRST_CHUNK, 300);
    }

    @Test
    void tellsOfTheFirstChunkOnce() {
        upstream.start();
        assertThat(firstChunks).as("accepted is not answered").isZero();

        upstream.text("a");
        upstream.text("b");
        upstream.finish();

        assertThat(firstChunks).isEqualTo(1);
    }

    @Test
    void failsWhenTheFirstChunkIsLate() {
        pass(119_999);
        reader.assertNotTerminated();

        pass(1);

        assertTimedOut(Phase.FIRST_CHUNK, 120);
    }

    @Test
    void givesTheFirstChunkNoMoreTimeSinceTheProviderAccepted() {
        pass(100_000);
        upstream.start();
        pass(20_000);

        assertTimedOut(Phase.FIRST_CHUNK, 120);
    }

    @Test
    void doesNotBlameTheProviderWhileNothingIsWantedOfIt() {
        AssertSubscriber<Chunk> slow = limited().withSubscriber(AssertSubscriber.create(1));
        upstream.text("a");
        pass(310_000);
        slow.assertNotTerminated();

        slow.request(1);
        pass(29_999);
        slow.assertNotTerminated();
        pass(1);

        assertThat(slow.getFailure()).isInstanceOf(ProviderException.class);
    }

    @Test
    void failsWhenTheStreamFallsSilent() {
        pass(100_000);
        upstream.text("a");
        pass(29_999);
        upstream.text("b");
        pass(29_999);
        reader.assertNotTerminated();

        pass(1);

        assertTimedOut(Phase.MID_STREAM, 30);
    }

    @ParameterizedTest
    @MethodSource("signsOfLife")
    void setsTheIdleClockBackWhateverComes(Chunk sign) {
        upstream.text("a");
        pass(29_999);
        upstream.give(sign);
        pass(29_999);
        reader.assertNotTerminated();

        pass(1);

        assertTimedOut(Phase.MID_STREAM, 30);
    }

    @ParameterizedTest
    @MethodSource("signsOfLife")
    void takesWhateverComesFirstForTheFirstChunk(Chunk sign) {
        pass(100_000);
        upstream.give(sign);
        assertThat(firstChunks).isEqualTo(1);
        pass(29_999);
        reader.assertNotTerminated();

        pass(1);

        assertTimedOut(Phase.MID_STREAM, 30);
    }

    @Test
    void givesAnAttemptTimeOfItsOwnAfterOneThatSpoke() {
        upstream.text("a");
        pass(20_000);
        upstream.fail(new ProviderFailure.Malformed("cut"));
        pass(100_000);

        AssertSubscriber<Chunk> second = limited().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
        pass(119_999);
        second.assertNotTerminated();
        pass(1);

        assertTimedOut(second, Phase.FIRST_CHUNK, 120);
    }

    @Test
    void letsASlowStreamRunForEver() {
        for (int i = 0; i < 100; i++) {
            pass(29_000);
            upstream.text("a");
        }
        upstream.finish();

        reader.assertCompleted();
        assertThat(reader.getItems()).hasSize(101);
    }

    @Test
    void keepsOneAlarmHoweverManyChunksCome() {
        for (int i = 0; i < 10_000; i++) {
            upstream.text("a");
            assertThat(timers.pending()).isEqualTo(1);
        }

        assertThat(timers.alarmsSet()).as("a chunk sets no alarm").isLessThanOrEqualTo(2);
    }

    @Test
    void asksForTheTimeAtTheFirstDeltaAndAtNoFurtherOne() {
        AtomicInteger looks = new AtomicInteger();
        Timers watched = new Timers() {
            @Override
            public long nanoTime() {
                looks.incrementAndGet();
                return timers.nanoTime();
            }

            @Override
            public Alarm after(Duration delay, Runnable action) {
                return timers.after(delay, action);
            }
        };
        limited(watched, StreamClocks.DEFAULTS).subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
        upstream.text("a");
        int atFirst = looks.get();

        for (int i = 0; i < 10_000; i++) {
            upstream.text("a");
        }

        assertThat(looks).hasValue(atFirst);
    }

    @Test
    void leavesNoAlarmBehindACompleteStream() {
        upstream.text("a");
        upstream.finish();

        assertThat(timers.pending()).isZero();
    }

    @Test
    void leavesNoAlarmBehindAFailedStream() {
        upstream.fail(new ProviderFailure.Malformed("cut"));

        assertThat(timers.pending()).isZero();
        reader.assertFailedWith(ProviderException.class, "cut");
    }

    @Test
    void carriesACancellationUpstreamAndLeavesNoAlarm() {
        upstream.text("a");

        reader.cancel();

        assertThat(upstream.cancelled()).isEqualTo(1);
        assertThat(timers.pending()).isZero();
    }

    private void pass(long millis) {
        timers.advance(Duration.ofMillis(millis));
    }

    private void assertTimedOut(Phase phase, int limitSeconds) {
        assertTimedOut(reader, phase, limitSeconds);
        assertThat(upstream.cancelled()).as("the upstream call is closed").isEqualTo(1);
        assertThat(timers.pending()).isZero();
    }

    private static void assertTimedOut(AssertSubscriber<Chunk> reader, Phase phase, int limitSeconds) {
        Duration limit = Duration.ofSeconds(limitSeconds);
        assertThat(reader.getFailure())
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        exception -> assertThat(exception.failure())
                                .isInstanceOfSatisfying(ProviderFailure.TimedOut.class, timedOut -> {
                                    assertThat(timedOut.phase()).isEqualTo(phase);
                                    assertThat(timedOut.limit()).isEqualTo(limit);
                                }));
    }
}
