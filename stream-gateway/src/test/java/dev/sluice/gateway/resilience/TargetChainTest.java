package dev.sluice.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.routing.GivenAdapters;
import dev.sluice.gateway.testing.Examples;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.ModelProvider;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetChainTest {

    private static final Target FIRST = Examples.target("one");
    private static final Target SECOND = Examples.target("two");
    private static final Target THIRD = Examples.target("three");
    private static final ChatRequest REQUEST = ChatRequest.of(JsonNodeFactory.instance.objectNode());

    private final Map<String, ScriptedUpstream> upstreams = new HashMap<>();
    private final RecordedAttempts attempts = new RecordedAttempts();
    private final GuardedStream guarded = new GuardedStream(GivenAdapters.of()) {
        @Override
        Multi<Chunk> open(Target target, ChatRequest request, AttemptObserver observer) {
            return upstream(target).call();
        }
    };
    private final TargetChain chain = new TargetChain(guarded, GivenAdapters.of(new Refusing()));

    @Test
    void callsNobodyButTheFirstWhenItAnswers() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).text("Hello");
        upstream(FIRST).finish();

        reader.assertCompleted();
        assertThat(upstream(SECOND).calls()).isZero();
    }

    @Test
    void fallsBackInOrderUntilOneAnswers() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND, THIRD);

        upstream(FIRST).breakDown(failure(ErrorCode.MAX_RETRIES_EXCEEDED, 502));
        upstream(SECOND).breakDown(failure(ErrorCode.CIRCUIT_OPEN, 503));
        upstream(THIRD).text("Hello");
        upstream(THIRD).finish();

        reader.assertCompleted();
        assertThat(attempts.told())
                .containsExactly("falling back to two/small-model", "falling back to three/small-model");
    }

    @Test
    void failsAsTheLastTargetFailed() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).breakDown(failure(ErrorCode.SERVER, 502));
        upstream(SECOND).breakDown(failure(ErrorCode.PARSE, 502));

        assertThat(reader.getFailure())
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        exception -> assertThat(exception.error().code()).isEqualTo(ErrorCode.PARSE));
    }

    @Test
    void asksTheNextTargetForTheRestOfWhatBrokeOff() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        upstream(FIRST).text("Hel");
        attempts.commit();
        attempts.continueWhatBreaksOff();
        attempts.interrupted(GatewayError.of(ErrorCode.NETWORK, "Reset."));

        upstream(FIRST).breakDown(failure(ErrorCode.NETWORK, 502));
        upstream(SECOND).text("lo");
        upstream(SECOND).finish();

        reader.assertCompleted();
        assertThat(attempts.told()).containsExactly("interrupted NETWORK", "falling back to two/small-model");
    }

    @Test
    void fallsBackNoMoreAfterTheCommitPoint() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        upstream(FIRST).text("Hello");
        attempts.commit();

        upstream(FIRST).breakDown(failure(ErrorCode.NETWORK, 502));

        reader.assertFailedWith(GatewayException.class);
        assertThat(upstream(SECOND).calls()).isZero();
        assertThat(attempts.told()).isEmpty();
    }

    @Test
    void asksNobodyElseWhenTheRequestIsWrong() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).breakDown(failure(ErrorCode.PROVIDER_REJECTED, 400));

        reader.assertFailedWith(GatewayException.class);
        assertThat(upstream(SECOND).calls()).isZero();
    }

    @Test
    void asksNobodyElseAfterABugOfItsOwn() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);

        upstream(FIRST).breakDown(new IllegalStateException("a bug"));

        reader.assertFailedWith(IllegalStateException.class);
        assertThat(upstream(SECOND).calls()).isZero();
    }

    @Test
    void carriesACancellationToTheTargetThatAnswers() {
        AssertSubscriber<Chunk> reader = read(FIRST, SECOND);
        upstream(FIRST).breakDown(failure(ErrorCode.SERVER, 502));
        upstream(SECOND).text("Hello");

        reader.cancel();

        assertThat(upstream(FIRST).cancelled()).isZero();
        assertThat(upstream(SECOND).cancelled()).isEqualTo(1);
    }

    @Test
    void refusesWhatTheFirstTargetsProtocolCannotCarry() {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> chain.check(List.of(FIRST, SECOND), REQUEST))
                .satisfies(exception -> {
                    assertThat(exception.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(exception.error().status()).isEqualTo(400);
                    assertThat(exception.error().param()).isEqualTo("tools");
                });
    }

    private AssertSubscriber<Chunk> read(Target... targets) {
        return chain.stream(List.of(targets), REQUEST, attempts)
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    private ScriptedUpstream upstream(Target target) {
        return upstreams.computeIfAbsent(target.endpoint().name(), _ -> new ScriptedUpstream());
    }

    private static GatewayException failure(ErrorCode code, int status) {
        return new GatewayException(new GatewayError(code, status, "No.", null, null, null, Phase.HEAD, null));
    }

    /** A protocol without tools. */
    private static final class Refusing implements ModelProvider {

        @Override
        public String adapter() {
            return "scripted";
        }

        @Override
        public void check(String model, ChatRequest request) {
            throw new ProviderException(new ProviderFailure.Rejected(400, null, "tools", "No tools here."));
        }

        @Override
        public Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request) {
            return Multi.createFrom().empty();
        }
    }
}
