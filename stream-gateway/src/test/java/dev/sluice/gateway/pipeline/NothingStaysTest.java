package dev.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogs;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.ChatRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is left of ten thousand streams once their time is over: nothing. */
@QuarkusTest
@TestProfile(ForgetfulProfile.class)
class NothingStaysTest {

    private static final int STREAMS = 10_000;
    private static final int AT_ONCE = 1_000;

    @Inject
    GenerationPipeline pipeline;

    @Inject
    StreamLogs logs;

    @Inject
    AdmissionGate gate;

    @Inject
    MeterRegistry meters;

    @Inject
    Vertx vertx;

    /** How a stream ends, and what the simulator does until then. */
    private enum Ending {
        COMPLETED("{\"chunks\":3,\"first_ms\":0,\"interval_ms\":1}"),
        REFUSED("{\"status\":400}"),
        BROKEN("{\"chunks\":9,\"first_ms\":0,\"interval_ms\":1,\"die_after\":2}"),
        ABORTED("{\"first_ms\":0,\"interval_ms\":1,\"stall_after\":1}"),
        IDLE("{\"first_ms\":0,\"interval_ms\":1,\"stall_after\":1}"),
        LEFT("{\"first_ms\":0,\"interval_ms\":1,\"stall_after\":1}"),
        LEFT_BEFORE_THE_FIRST_CHUNK("{\"first_ms\":60000}"),
        GRACE("{\"first_ms\":0,\"interval_ms\":1,\"stall_after\":1}"),
        DRAINED_TOKENS("{\"chunks\":1000,\"first_ms\":0,\"interval_ms\":5}"),
        DRAINED_TIME("{\"first_ms\":60000}");

        private final String script;

        Ending(String script) {
            this.script = script;
        }

        ChatRequest chat() {
            return new ChatRequest(
                    (ObjectNode) Json.read("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"),
                    Json.read("{\"simulate\":" + script + "}"));
        }

        DisconnectPolicy policy() {
            return switch (this) {
                case COMPLETED, REFUSED, BROKEN, ABORTED, IDLE -> new DisconnectPolicy.Grace(Duration.ofMinutes(1));
                case LEFT, LEFT_BEFORE_THE_FIRST_CHUNK -> new DisconnectPolicy.Cancel();
                case GRACE -> new DisconnectPolicy.Grace(Duration.ofMillis(50));
                case DRAINED_TOKENS -> new DisconnectPolicy.Drain(1, Duration.ofMinutes(1));
                case DRAINED_TIME -> new DisconnectPolicy.Drain(1_000, Duration.ofMillis(50));
            };
        }

        boolean read() {
            return switch (this) {
                case COMPLETED, REFUSED, BROKEN, ABORTED, IDLE -> false;
                case LEFT, LEFT_BEFORE_THE_FIRST_CHUNK, GRACE, DRAINED_TOKENS, DRAINED_TIME -> true;
            };
        }
    }

    @Test
    void mapsAreEmptyAfterStreamsOfAllEndings() {
        List<Caller> callers = List.of(new Caller("one"), new Caller("two"), new Caller("three"));
        double started = started();
        for (int i = 0; i < STREAMS; i++) {
            start(callers.get(i % callers.size()), Ending.values()[i % Ending.values().length]);
            if (i % AT_ONCE == AT_ONCE - 1) {
                double expected = started + i + 1;
                await().atMost(Duration.ofSeconds(30)).until(() -> started() == expected && gate.inUse() == 0);
            }
        }

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(gauge("sluice.streams.active")).isZero();
            assertThat(gauge("sluice.streams.readers")).isZero();
            assertThat(gauge("sluice.log.streams")).isZero();
            assertThat(gauge("sluice.log.bytes")).isZero();
        });
        assertThat(meters.get("sluice.streams.state").gauges())
                .hasSize(7)
                .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
        assertThat(callers)
                .allSatisfy(caller -> assertThat(
                                logs.newestFirst(caller, Long.MAX_VALUE).hasNext())
                        .isFalse());

        long each = STREAMS / Ending.values().length;
        assertThat(started() - started).isEqualTo(STREAMS);
        assertThat(ended("completed")).isEqualTo(each);
        assertThat(ended("failed")).isEqualTo(2 * each);
        assertThat(ended("aborted")).isEqualTo(7 * each);
        assertThat(aborted("caller")).isEqualTo(each);
        assertThat(aborted("disconnect")).isEqualTo(5 * each);
        assertThat(aborted("idle")).isEqualTo(each);
    }

    private void start(Caller caller, Ending ending) {
        vertx.getOrCreateContext().runOnContext(_ -> {
            StreamLog log = pipeline.start(new GenerationRequest(
                    caller,
                    StreamId.random(),
                    "simulator/" + ending.name(),
                    List.of(),
                    null,
                    ending.chat(),
                    "/v1/streams",
                    true,
                    null,
                    ending.policy(),
                    OnInterrupt.FAIL,
                    Transforms.NONE));
            if (ending.read()) {
                LogReader reader = log.read(0, () -> {});
                vertx.setTimer(5, _ -> reader.close());
            }
            if (ending == Ending.ABORTED) {
                vertx.setTimer(5, _ -> pipeline.abort(log.info().key()));
            }
        });
    }

    private double gauge(String meter) {
        return meters.get(meter).gauge().value();
    }

    private double started() {
        return count(meters.find("sluice.streams.started").counter());
    }

    private long aborted(String by) {
        return (long) count(meters.find("sluice.streams.aborted").tag("by", by).counter());
    }

    private long ended(String outcome) {
        return meters.get("sluice.streams.ended").tag("outcome", outcome).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private static double count(@Nullable Counter counter) {
        return counter == null ? 0 : counter.count();
    }
}
