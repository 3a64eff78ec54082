package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.resilience.BreakerState.Closed;
import dev.sluice.gateway.resilience.BreakerState.Open;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.gateway.time.VirtualTimers;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamGuardTest {

    private static final RetryPolicy THREE_ATTEMPTS =
            new RetryPolicy(3, Duration.ofSeconds(1), 2, Duration.ofSeconds(30), 0.3, Duration.ofSeconds(60));
    private static final BreakerPolicy FIVE_IN_A_ROW =
            new BreakerPolicy(new OpeningRule.FailuresInARow(5), Duration.ofSeconds(60));
    private static final GuardSettings SETTINGS =
            new GuardSettings(THREE_ATTEMPTS, FIVE_IN_A_ROW, StreamClocks.DEFAULTS);
    private static final ProviderFailure OVERLOADED = new ProviderFailure.Server(503, null, "Overloaded.");

    private final VirtualTimers timers = new VirtualTimers();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final RecordedAttempts attempts = new RecordedAttempts(timers);
    private final Breaker breaker = new Breaker(FIVE_IN_A_ROW, () -> 0, (_, _, _) -> {});

    static List<ProviderFailure> failures() {
        return Examples.failures();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void triesAgainBeforeTheCommitPointOnlyWhatMayPass(ProviderFailure failure) {
        AssertSubscriber<Chunk> reader = read();

        for (int i = 1; i <= 3 && reader.getFailure() == null; i++) {
            upstream.fail(failure);
            pass(10_000);
        }

        GatewayError error = error(reader);
        if (failure.retryable()) {
            assertThat(upstream.calls()).isEqualTo(3);
            assertThat(error.code()).isEqualTo(ErrorCode.MAX_RETRIES_EXCEEDED);
            assertThat(error.lastCause()).isEqualTo(codeOf(failure));
            assertThat(error.status()).isEqualTo(codeOf(failure).status());
        } else {
            assertThat(upstream.calls()).isEqualTo(1);
            assertThat(error.code()).isEqualTo(codeOf(failure));
            assertThat(error.lastCause()).isNull();
        }
        assertThat(breaker.state()).isEqualTo(new Closed(countsForTheBreaker(failure) ? upstream.calls() : 0));
        assertThat(timers.pending()).isZero();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void triesNothingAgainAfterTheCommitPoint(ProviderFailure failure) {
        AssertSubscriber<Chunk> reader = read();
        upstream.text("Hello");

        upstream.fail(failure);
        pass(60_000);

        assertThat(upstream.calls()).isEqualTo(1);
        assertThat(error(reader).code()).isEqualTo(codeOf(failure));
        assertThat(reader.getItems()).containsExactly(new Chunk.TextDelta("Hello"));
        assertThat(breaker.state()).isEqualTo(new Closed(countsForTheBreaker(failure) ? 1 : 0));
        assertThat(timers.pending()).isZero();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void asksForTheRestOfWhatTheProviderBrokeOff(ProviderFailure failure) {
        attempts.continueWhatBreaksOff();
        AssertSubscriber<Chunk> reader = read();
        upstream.text("Hel");

        upstream.fail(failure);
        pass(999);
        assertThat(upstream.calls()).as("not before the backoff is over").isEqualTo(1);
        pass(10_000);

        if (countsForTheBreaker(failure)) {
            upstream.text("lo");
            upstream.finish();
            reader.assertCompleted();
            assertThat(reader.getItems()).startsWith(new Chunk.TextDelta("Hel"), new Chunk.TextDelta("lo"));
        } else {
            assertThat(error(reader).code()).isEqualTo(codeOf(failure));
        }
        assertThat(upstream.calls()).isEqualTo(countsForTheBreaker(failure) ? 2 : 1);
        assertThat(timers.pending()).isZero();
    }

    @Test
    void givesTheRestAttemptsAndABudgetOfItsOwn() {
        attempts.continueWhatBreaksOff();
        AssertSubscriber<Chunk> reader = read();
        upstream.fail(OVERLOADED);
        pass(1_000);
        upstream.fail(OVERLOADED);
        pass(2_000);
        for (int i = 0; i < 10; i++) {
            pass(20_000);
            upstream.text("more ");
        }

        upstream.fail(OVERLOADED);
        pass(1_000);
        upstream.fail(OVERLOADED);
        pass(2_000);
        upstream.fail(OVERLOADED);

        assertThat(upstream.calls()).isEqualTo(5);
        assertThat(error(reader).code()).isEqualTo(ErrorCode.MAX_RETRIES_EXCEEDED);
        assertThat(timers.pending()).isZero();
    }

    @Test
    void asksForTheRestWhenTheProviderFallsSilent() {
        attempts.continueWhatBreaksOff();
        AssertSubscriber<Chunk> reader = read();
        upstream.text("Hel");

        pass(30_000);
        assertThat(upstream.cancelled()).isEqualTo(1);
        pass(1_000);
        upstream.text("lo");
        upstream.finish();

        reader.assertCompleted();
        assertThat(attempts.told())
                .containsExactly(
                        "started one/small-model",
                        "interrupted TIMEOUT",
                        "failed TIMEOUT 0 retry in 1000",
                        "started one/small-model");
        assertThat(timers.pending()).isZero();
    }

    @Test
    void leavesATargetAloneWhoseBreakerTheInterruptionOpened() {
        for (int i = 0; i < 4; i++) {
            breaker.settle(0, Breaker.Outcome.FAILURE, timers.nanoTime());
        }
        attempts.continueWhatBreaksOff();
        AssertSubscriber<Chunk> reader = read();
        upstream.text("Hel");

        upstream.fail(OVERLOADED);
        pass(10_000);

        assertThat(breaker.state()).isInstanceOf(Open.class);
        assertThat(upstream.calls()).isEqualTo(1);
        assertThat(error(reader).code()).isEqualTo(ErrorCode.SERVER);
    }

    @Test
    void succeedsOnTheSecondAttempt() {
        AssertSubscriber<Chunk> reader = read();
        upstream.fail(OVERLOADED);
        pass(999);
        assertThat(upstream.calls()).as("not before the backoff is over").isEqualTo(1);
        pass(1);
        upstream.text("Hello");
        upstream.finish();

        reader.assertCompleted();
        assertThat(upstream.calls()).isEqualTo(2);
        assertThat(attempts.told())
                .containsExactly(
                        "started one/small-model", "failed SERVER 503 retry in 1000", "started one/small-model");
        assertThat(breaker.state()).as("a success forgives").isEqualTo(new Closed(0));
        assertThat(timers.pending()).isZero();
    }

    @Test
    void settlesTheBreakerWhenTheStreamEndsAndNoSooner() {
        breaker.settle(0, Breaker.Outcome.FAILURE, timers.nanoTime());
        read();
        upstream.text("Hello");
        assertThat(breaker.state()).isEqualTo(new Closed(1));

        upstream.finish();

        assertThat(breaker.state()).isEqualTo(new Closed(0));
    }

    @Test
    void waitsAsLongAsTheProviderAsks() {
        read();
        upstream.fail(new ProviderFailure.RateLimited(Duration.ofSeconds(17), "Slower."));
        pass(16_999);
        assertThat(upstream.calls()).isEqualTo(1);

        pass(1);

        assertThat(upstream.calls()).isEqualTo(2);
    }

    @Test
    void tellsTheWaitWhenTheProviderAsksForMoreThanTheBudget() {
        AssertSubscriber<Chunk> reader = read();

        upstream.fail(new ProviderFailure.RateLimited(Duration.ofSeconds(61), "Much slower."));

        assertThat(upstream.calls()).isEqualTo(1);
        assertThat(error(reader).code()).isEqualTo(ErrorCode.RATE_LIMIT);
        assertThat(error(reader).retryAfter()).isEqualTo(Duration.ofSeconds(61));
    }

    @Test
    void stopsEverythingWhenCancelledDuringTheBackoff() {
        AssertSubscriber<Chunk> reader = read();
        upstream.fail(OVERLOADED);

        reader.cancel();
        assertThat(timers.pending()).isZero();
        pass(60_000);

        assertThat(upstream.calls()).isEqualTo(1);
        assertThat(breaker.state()).isEqualTo(new Closed(1));
    }

    @Test
    void closesTheUpstreamCallWhenCancelledAndBlamesNobody() {
        breaker.settle(0, Breaker.Outcome.FAILURE, timers.nanoTime());
        AssertSubscriber<Chunk> reader = read();
        upstream.text("Hello");

        reader.cancel();

        assertThat(upstream.cancelled()).isEqualTo(1);
        assertThat(breaker.state()).isEqualTo(new Closed(1));
        assertThat(timers.pending()).isZero();
    }

    @Test
    void freesTheProbesPlaceWhenCancelled() {
        openTheBreaker();
        pass(60_000);
        AssertSubscriber<Chunk> probe = read();
        assertThat(upstream.calls()).isEqualTo(1);

        probe.cancel();
        read();

        assertThat(upstream.calls()).as("the next caller may probe at once").isEqualTo(2);
        upstream.finish();
        assertThat(breaker.state()).isEqualTo(new Closed(0));
    }

    @Test
    void closesTheBreakerWithTheFirstChunkOfAProbe() {
        openTheBreaker();
        pass(60_000);
        AssertSubscriber<Chunk> probe = read();

        upstream.start();
        assertThat(breaker.state()).as("accepted is not answered").isInstanceOf(BreakerState.HalfOpen.class);
        upstream.text("Hello");
        assertThat(breaker.state()).as("the target lives").isEqualTo(new Closed(0));

        upstream.fail(new ProviderFailure.Malformed("Cut."));
        assertThat(error(probe).code()).isEqualTo(ErrorCode.PARSE);
        assertThat(breaker.state()).as("what follows counts as of any call").isEqualTo(new Closed(1));
    }

    @Test
    void letsNoOtherCallPassBeforeTheClockOfAProbeRunsOut() {
        openTheBreaker();
        pass(60_000);
        read();

        pass(119_999);
        assertThat(error(read()).code()).isEqualTo(ErrorCode.CIRCUIT_OPEN);
        assertThat(upstream.calls()).isEqualTo(1);

        pass(1);
        assertThat(upstream.cancelled()).isEqualTo(1);
        assertThat(breaker.state()).isInstanceOf(Open.class);
    }

    @Test
    void takesAnAnswerThatWasCutOnPurposeForASuccess() {
        breaker.settle(0, Breaker.Outcome.FAILURE, timers.nanoTime());
        AssertSubscriber<Chunk> reader = read();
        upstream.text("Hello");
        attempts.satisfy();

        reader.cancel();

        assertThat(upstream.cancelled()).isEqualTo(1);
        assertThat(breaker.state()).isEqualTo(new Closed(0));
    }

    @Test
    void callsNobodyWhileTheBreakerIsOpen() {
        openTheBreaker();
        pass(20_000);

        GatewayError error = error(read());

        assertThat(error.code()).isEqualTo(ErrorCode.CIRCUIT_OPEN);
        assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(40));
        assertThat(upstream.calls()).isZero();
        assertThat(attempts.told()).isEmpty();
    }

    @Test
    void endsTheRetryingWhenTheBreakerOpensMeanwhile() {
        for (int i = 0; i < 3; i++) {
            breaker.settle(0, Breaker.Outcome.FAILURE, timers.nanoTime());
        }
        AssertSubscriber<Chunk> reader = read();

        upstream.fail(OVERLOADED);
        pass(1_000);
        upstream.fail(OVERLOADED);
        pass(2_000);

        assertThat(breaker.state()).isInstanceOf(Open.class);
        assertThat(upstream.calls()).isEqualTo(2);
        assertThat(error(reader).code()).isEqualTo(ErrorCode.MAX_RETRIES_EXCEEDED);
        assertThat(error(reader).lastCause()).isEqualTo(ErrorCode.SERVER);
    }

    @Test
    void triesNothingAgainOnceALateFirstChunkHasEatenTheBudget() {
        AssertSubscriber<Chunk> reader = read();

        pass(120_000);

        assertThat(upstream.cancelled()).isEqualTo(1);
        assertThat(upstream.calls()).isEqualTo(1);
        assertThat(error(reader).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(breaker.state()).isEqualTo(new Closed(1));
    }

    @Test
    void passesOnWhatIsNoProvidersFailureAndBlamesNobody() {
        AssertSubscriber<Chunk> reader = read();

        upstream.breakDown(new IllegalStateException("a bug"));

        reader.assertFailedWith(IllegalStateException.class, "a bug");
        assertThat(breaker.state()).isEqualTo(new Closed(0));
    }

    @Test
    void tellsHowFarACallHadCome() {
        AssertSubscriber<Chunk> early = read();
        upstream.fail(new ProviderFailure.Malformed("Cut."));
        assertThat(error(early).phase())
                .as("what is malformed came after the head")
                .isEqualTo(Phase.FIRST_CHUNK);

        AssertSubscriber<Chunk> late = read();
        upstream.text("Hello");
        upstream.fail(new ProviderFailure.Malformed("Cut."));
        assertThat(error(late).phase()).isEqualTo(Phase.MID_STREAM);
    }

    private AssertSubscriber<Chunk> read() {
        return new StreamGuard(timers, new StreamTimeouts(timers), () -> 0.5)
                .guard(upstream.call(), new GuardedCall(Examples.target("one"), attempts, SETTINGS, breaker))
                .onItem()
                .invoke(chunk -> {
                    if (chunk instanceof Chunk.TextDelta) {
                        attempts.commit();
                    }
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    private void openTheBreaker() {
        for (int i = 0; i < 5; i++) {
            breaker.settle(0, Breaker.Outcome.FAILURE, timers.nanoTime());
        }
    }

    private void pass(long millis) {
        timers.advance(Duration.ofMillis(millis));
    }

    private static GatewayError error(AssertSubscriber<Chunk> reader) {
        assertThat(reader.getFailure()).isInstanceOf(GatewayException.class);
        return ((GatewayException) reader.getFailure()).error();
    }

    private static ErrorCode codeOf(ProviderFailure failure) {
        return switch (failure) {
            case ProviderFailure.Network _ -> ErrorCode.NETWORK;
            case ProviderFailure.RateLimited _ -> ErrorCode.RATE_LIMIT;
            case ProviderFailure.Server _ -> ErrorCode.SERVER;
            case ProviderFailure.TimedOut _ -> ErrorCode.TIMEOUT;
            case ProviderFailure.Malformed _ -> ErrorCode.PARSE;
            case ProviderFailure.QuotaExhausted _, ProviderFailure.Rejected _, ProviderFailure.Unauthorized _ ->
                ErrorCode.PROVIDER_REJECTED;
            case ProviderFailure.ShortOfMemory _ -> ErrorCode.OVERLOADED;
        };
    }

    private static boolean countsForTheBreaker(ProviderFailure failure) {
        return codeOf(failure) != ErrorCode.PROVIDER_REJECTED && codeOf(failure) != ErrorCode.OVERLOADED;
    }
}
