package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.GivenAdapters;
import dev.sluice.gateway.testing.Configured;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.gateway.time.VirtualTimers;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WholeAnswerFallbackTest {

    private static final Target TARGET = Examples.target("one");
    private static final ChatRequest REQUEST = ChatRequest.of(JsonNodeFactory.instance.objectNode());
    private static final GatewayError GARBLED = error(new ProviderFailure.Malformed("No JSON."));

    private final ScriptedUpstream streams = new ScriptedUpstream();
    private final ScriptedUpstream wholes = new ScriptedUpstream();
    private final RecordedAttempts attempts = new RecordedAttempts(new VirtualTimers());
    private final GuardedStream guarded = new GuardedStream(GivenAdapters.of()) {
        @Override
        Multi<Chunk> open(Target target, ChatRequest request, AttemptObserver observer) {
            return (target.streams() ? streams : wholes).call();
        }

        @Override
        Multi<Chunk> openOnce(Target target, ChatRequest request, AttemptObserver observer) {
            assertThat(target).isEqualTo(TARGET.whole());
            observer.attemptStarted(target);
            return wholes.call();
        }
    };

    static Stream<GatewayError> whatAWholeAnswerMayMend() {
        return Stream.of(
                GARBLED,
                error(new ProviderFailure.Network(Phase.FIRST_CHUNK, "Broken.")),
                error(new ProviderFailure.Network(Phase.MID_STREAM, "Broken.")),
                error(new ProviderFailure.Network(Phase.FIRST_CHUNK, "Broken.")).asRetriesExceeded(3),
                error(new ProviderFailure.Rejected(400, "unsupported_value", "stream", "No streams.")),
                error(new ProviderFailure.Rejected(422, null, "stream_options.include_usage", "Unknown field.")));
    }

    static Stream<GatewayError> whatItCannot() {
        return Stream.of(
                error(new ProviderFailure.Network(Phase.CONNECT, "Nobody there.")),
                error(new ProviderFailure.Network(Phase.HEAD, "Broken.")),
                error(new ProviderFailure.Network(Phase.HEAD, "Broken.")).asRetriesExceeded(3),
                error(new ProviderFailure.RateLimited(null, "Too fast.")),
                error(new ProviderFailure.QuotaExhausted("Empty.")),
                error(new ProviderFailure.Server(503, null, "Overloaded.")),
                error(new ProviderFailure.Server(200, null, "An error in the stream."))
                        .asRetriesExceeded(3),
                error(new ProviderFailure.Rejected(400, "bad_field", "top_p", "A bad field.")),
                error(new ProviderFailure.Rejected(404, null, null, "No such model.")),
                error(new ProviderFailure.Unauthorized(401, "A wrong key.")),
                error(new ProviderFailure.TimedOut(Phase.CONNECT, Duration.ofSeconds(10), "Silent.")),
                error(new ProviderFailure.TimedOut(Phase.FIRST_CHUNK, Duration.ofMinutes(2), "Silent.")),
                GatewayError.of(ErrorCode.CIRCUIT_OPEN, "Left alone."));
    }

    @ParameterizedTest
    @MethodSource("whatAWholeAnswerMayMend")
    void asksOnceForTheWholeAnswerWhereTheStreamIsAtFault(GatewayError met) {
        AssertSubscriber<Chunk> reader = read(true, TARGET);

        streams.breakDown(new GatewayException(met));
        wholes.text("Hello");
        wholes.finish();

        reader.assertCompleted();
        assertThat(reader.getItems()).first().isEqualTo(new Chunk.TextDelta("Hello"));
        assertThat(wholes.calls()).isEqualTo(1);
        assertThat(attempts.told()).containsExactly("started one/small-model whole");
    }

    @ParameterizedTest
    @MethodSource("whatItCannot")
    void asksNobodyAgainWhereItWouldFailAsWell(GatewayError met) {
        AssertSubscriber<Chunk> reader = read(true, TARGET);

        streams.breakDown(new GatewayException(met));

        assertThat(told(reader)).isEqualTo(met);
        assertThat(wholes.calls()).isZero();
    }

    @Test
    void asksNobodyAgainAfterTheCommitPoint() {
        AssertSubscriber<Chunk> reader = read(true, TARGET);
        streams.text("Hel");
        attempts.commit();

        streams.breakDown(new GatewayException(GARBLED));

        assertThat(told(reader)).isEqualTo(GARBLED);
        assertThat(wholes.calls()).isZero();
    }

    @Test
    void asksNobodyAgainAfterABugOfItsOwn() {
        AssertSubscriber<Chunk> reader = read(true, TARGET);

        streams.breakDown(new IllegalStateException("a bug"));

        reader.assertFailedWith(IllegalStateException.class);
        assertThat(wholes.calls()).isZero();
    }

    @Test
    void asksNobodyAgainWhereItIsSwitchedOff() {
        AssertSubscriber<Chunk> reader = read(false, TARGET);

        streams.breakDown(new GatewayException(GARBLED));

        assertThat(told(reader)).isEqualTo(GARBLED);
        assertThat(wholes.calls()).isZero();
    }

    @Test
    void asksATargetThatDoesNotStreamForNothingElse() {
        AssertSubscriber<Chunk> reader = read(true, TARGET.whole());

        wholes.breakDown(new GatewayException(GARBLED));

        assertThat(told(reader)).isEqualTo(GARBLED);
        assertThat(wholes.calls()).isEqualTo(1);
        assertThat(streams.calls()).isZero();
    }

    @Test
    void tellsTheLastFailureAndThatAttemptsAreSpent() {
        AssertSubscriber<Chunk> reader = read(true, TARGET);
        attempts.attemptStarted(TARGET);
        streams.breakDown(new GatewayException(GARBLED));

        GatewayError overloaded = error(new ProviderFailure.Server(503, null, "Overloaded."));
        wholes.breakDown(new GatewayException(overloaded));

        assertThat(told(reader)).isEqualTo(overloaded.asRetriesExceeded(2));
    }

    @Test
    void tellsWhyTheStreamFailedWhereTheBreakerLetsNothingElseThrough() {
        AssertSubscriber<Chunk> reader = read(true, TARGET);
        streams.breakDown(new GatewayException(GARBLED));

        wholes.breakDown(new GatewayException(GatewayError.of(ErrorCode.CIRCUIT_OPEN, "Left alone.")));

        assertThat(told(reader)).isEqualTo(GARBLED);
    }

    @Test
    void carriesACancellationToTheWholeCall() {
        AssertSubscriber<Chunk> reader = read(true, TARGET);
        streams.breakDown(new GatewayException(GARBLED));

        reader.cancel();

        assertThat(wholes.cancelled()).isEqualTo(1);
    }

    private AssertSubscriber<Chunk> read(boolean fallback, Target target) {
        ResilienceConfig config = Configured.with(
                ResilienceConfig.class, Map.of("sluice.resilience.whole-answer-fallback", Boolean.toString(fallback)));
        return new WholeAnswerFallback(guarded, config)
                .open(target, REQUEST, attempts)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    private static GatewayError told(AssertSubscriber<Chunk> reader) {
        reader.assertFailedWith(GatewayException.class);
        return ((GatewayException) reader.getFailure()).error();
    }

    private static GatewayError error(ProviderFailure failure) {
        return GatewayError.of(failure, Phase.HEAD);
    }
}
