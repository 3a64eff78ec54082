package dev.sluice.gateway.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.SocketClient;
import dev.sluice.gateway.api.UpstreamDouble;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(PatientProfile.class)
class StreamSocketsTest {

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    StreamSockets sockets;

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
}
