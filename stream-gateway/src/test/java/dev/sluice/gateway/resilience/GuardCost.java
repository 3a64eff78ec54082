package dev.sluice.gateway.resilience;

import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.time.GivenTimers;
import dev.sluice.provider.Beginning;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.ModelProvider;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What guarding costs a stream that does not fail: the chain of targets, the guard, the breaker and the clocks with Vert.x' timers,
 * against the provider's bare Multi. Both on an event loop, as in the gateway. {@code ./dev jmh} runs it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(2)
public class GuardCost {

    /** Streams of one trip to the event loop, so that the trip does not count. */
    private static final int STREAMS = 500;

    private static final Quiet OBSERVER = new Quiet();

    @Param({"1", "1000"})
    private int chunks = 1;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private Multi<Chunk> bare = Multi.createFrom().empty();
    private @Nullable GivenChain chain;

    /** Wires the chain. */
    @Setup
    public void wire() {
        Chunk[] answer = new Chunk[chunks];
        Arrays.fill(answer, new Chunk.TextDelta("word "));
        bare = Multi.createFrom().items(answer);
        chain = new GivenChain(
                Map.of(
                        "sluice.providers.near.adapter", "simulator",
                        "sluice.models.chat.targets", "near/model"),
                new Answering(bare),
                GivenTimers.of(vertx),
                () -> ThreadLocalRandom.current().nextDouble(),
                _ -> {});
    }

    /** Ends the event loop. */
    @TearDown
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** The provider's stream as it is. */
    @Benchmark
    @OperationsPerInvocation(STREAMS)
    public long bare() {
        return onTheLoop(() -> read(bare));
    }

    /** The same stream, guarded. */
    @Benchmark
    @OperationsPerInvocation(STREAMS)
    public long guarded() {
        GivenChain wired = chain;
        if (wired == null) {
            throw new IllegalStateException("Not wired.");
        }
        return onTheLoop(() -> read(wired.ask("chat", OBSERVER)));
    }

    private interface Streaming {
        long chunks();
    }

    private long onTheLoop(Streaming streaming) {
        CompletableFuture<Long> read = new CompletableFuture<>();
        loop.runOnContext(_ -> {
            long sum = 0;
            for (int i = 0; i < STREAMS; i++) {
                sum += streaming.chunks();
            }
            read.complete(sum);
        });
        return read.join();
    }

    private static long read(Multi<Chunk> stream) {
        Counting counting = new Counting();
        stream.subscribe().withSubscriber(counting);
        return counting.count;
    }

    private static final class Counting implements MultiSubscriber<Chunk> {

        private long count;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onItem(Chunk chunk) {
            count++;
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onCompletion() {
            // What was counted is there.
        }
    }

    private record Answering(Multi<Chunk> answer) implements ModelProvider {

        @Override
        public String adapter() {
            return "simulator";
        }

        @Override
        public Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request) {
            return answer;
        }
    }

    private static final class Quiet implements AttemptObserver {

        @Override
        public void attemptStarted(Target target) {}

        @Override
        public void attemptFailed(Target target, GatewayError error, int upstreamStatus, @Nullable Duration retryIn) {}

        @Override
        public void fallingBack(Target next) {}

        @Override
        public boolean committed() {
            return false;
        }

        @Override
        public long lastDeltaNanos() {
            throw new IllegalStateException("No clock runs out here.");
        }

        @Override
        public boolean satisfied() {
            return false;
        }

        @Override
        public int attempts() {
            return 1;
        }

        @Override
        public boolean interrupted(GatewayError error) {
            return false;
        }

        @Override
        public Optional<Beginning> beginning() {
            return Optional.empty();
        }
    }
}
