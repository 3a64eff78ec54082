package dev.sluice.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.Json;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(PatientProfile.class)
class ManyStreamsTest {

    private static final int STREAMS = 200;
    private static final int DELTAS = 50;

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    AdmissionGate gate;

    /** Each stream has a text of its own, so that none can take another's for it. */
    @Test
    void streamsAtTheSameTimeAreAllCompleteAndNeverMixed() throws Exception {
        String model = upstream.model(call -> {
            String name = call.request().at("/messages/0/content").asText();
            call.begin();
            for (int i = 0; i < DELTAS; i++) {
                call.text(name + ":" + i + " ");
            }
            call.finish();
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> texts = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                int number = i;
                texts.add(threads.submit(() -> text(model, number)));
            }
            for (int i = 0; i < STREAMS; i++) {
                int number = i;
                String expected = IntStream.range(0, DELTAS)
                        .mapToObj(delta -> "stream" + number + ":" + delta + " ")
                        .collect(Collectors.joining());
                assertThat(texts.get(i).get()).isEqualTo(expected);
            }
        }
        await().until(() -> gate.inUse() == 0);
    }

    private static String text(String model, int number) {
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"stream" + number + "\"}]";
        String request = "{\"model\":\"" + model + "\"," + messages + ",\"stream\":" + (number % 3 != 2) + "}";
        return switch (number % 3) {
            case 0 -> RawClient.post("/v1/streams", request).toEnd().frames().text();
            case 1 ->
                RawClient.post("/v1/chat/completions", request).toEnd().frames().completionText();
            default ->
                Json.read(RawClient.post("/v1/chat/completions", request)
                                .toEnd()
                                .body())
                        .at("/choices/0/message/content")
                        .asText();
        };
    }
}
