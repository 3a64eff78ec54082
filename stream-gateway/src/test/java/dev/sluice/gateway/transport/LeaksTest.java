package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.LogTap;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.netty.util.ResourceLeakDetector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Netty's leak detector watches every buffer here; it speaks when the garbage collector finds one that nobody released. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class LeaksTest {

    private static final String STREAMS = "/v1/streams";
    private static final String CHAT = "/v1/chat/completions";
    private static final String FILLER = "x".repeat(4_000);

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    AdmissionGate gate;

    private static String body(String model) {
        return "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    }

    @Test
    void streamsThatEndInAnyWayGiveAllTheirBuffersBack() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        collect(); // What other tests left is told before we listen.
        try (LogTap log = new LogTap()) {
            for (int i = 0; i < 20; i++) {
                whole();
                left();
                leftUnread();
                brokenOff();
            }
            await().until(() -> gate.inUse() == 0);
            collect();
            assertThat(leaks(log)).isEmpty();
        }
    }

    /** Leaks are told when the next buffer is allocated after a collection. */
    private void collect() {
        for (int i = 0; i < 5; i++) {
            System.gc();
            whole();
        }
    }

    private static List<String> leaks(LogTap log) {
        return log.errors().stream().filter(line -> line.contains("LEAK")).toList();
    }

    private void whole() {
        for (String path : List.of(CHAT, STREAMS)) {
            RawClient.post(path, body(upstream.model(call -> call.answer("a", FILLER, "b"))))
                    .toEnd()
                    .close();
        }
    }

    private void left() {
        String model = upstream.model();
        RawClient client = RawClient.post(CHAT, body(model));
        UpstreamCall call = upstream.next(model).begin().text("begin");
        client.until("begin").reset();
        call.awaitClosed();
    }

    /** Much waits in front of the socket, and more in the log, when it goes. */
    private void leftUnread() {
        String model = upstream.model();
        RawClient quick = RawClient.post(STREAMS, body(model));
        UpstreamCall call = upstream.next(model).begin().text("begin");
        String path = STREAMS + "/" + quick.until("begin").header("x-stream-id");
        RawClient slow = RawClient.connect(4_096)
                .send(RawClient.request("GET", path, new byte[0]))
                .until("begin");
        for (int i = 0; i < 200; i++) {
            call.text(FILLER);
            quick.discardUntil(FILLER);
        }
        slow.reset();
        call.finish();
        quick.discardUntil("complete");
        quick.close();
    }

    private void brokenOff() {
        String model = upstream.model(call -> call.begin().text(FILLER).reset());
        RawClient.post(STREAMS, body(model)).toEnd().close();
    }
}
