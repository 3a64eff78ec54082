package dev.sluice.gateway.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.SocketClient;
import dev.sluice.gateway.api.UpstreamDouble;
import dev.sluice.memory.MemoryShare;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(PatientProfile.class)
class StreamSocketsTest {

    private static final int CONTINUATION = 0;
    private static final byte[] PING = "{\"type\":\"ping\"}".getBytes(StandardCharsets.US_ASCII);

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    StreamSockets sockets;

    @Inject
    MemoryShare memory;

    @Test
    void stoppingGatewayClosesItsSocketsBehindWhatIsOnItsWay() {
        String model = upstream.model();
        try (SocketClient idle = SocketClient.open("/v1/ws");
                SocketClient reading = SocketClient.open("/v1/ws")) {
            reading.send("{\"type\":\"start\",\"model\":\"" + model
                    + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
            upstream.next(model).begin().text("x");
            reading.next("chunk");

            sockets.closeAll(new ShutdownDelayInitiatedEvent());

            assertThat(idle.closeCode()).isEqualTo(1001);
            assertThat(reading.closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void whatLargeUnfinishedMessagesTakeIsBoundedForAllSocketsTogether() {
        long all = memory.left();
        assertThat(memory.take(all)).isTrue();
        try (SocketClient modest = SocketClient.open("/v1/ws");
                SocketClient large = SocketClient.open("/v1/ws")) {
            modest.send(SocketClient.TEXT, false, padding(10_000));
            large.send(SocketClient.TEXT, false, padding(100_000));

            assertThat(large.closeCode()).isEqualTo(1013);
            modest.send(CONTINUATION, true, PING);
            assertThat(modest.next("pong")).isNotNull();
        } finally {
            memory.giveBack(all);
        }
    }

    @Test
    void whatAnUnfinishedMessageTookIsGivenBackHoweverItEnds() {
        long before = memory.left();
        try (SocketClient ending = SocketClient.open("/v1/ws");
                SocketClient growing = SocketClient.open("/v1/ws")) {
            try (SocketClient leaving = SocketClient.open("/v1/ws")) {
                for (SocketClient client : List.of(ending, growing, leaving)) {
                    long now = memory.left();
                    client.send(SocketClient.TEXT, false, padding(1_000_000));
                    await().until(() -> memory.left() < now - 900_000);
                }
            }
            ending.send(CONTINUATION, true, PING);
            assertThat(ending.next("pong")).isNotNull();
            growing.send(CONTINUATION, false, padding(4_000_000));
            assertThat(growing.closeCode()).isEqualTo(1009);

            await().until(() -> memory.left() == before);
        }
    }

    private static byte[] padding(int bytes) {
        return " ".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
    }
}
