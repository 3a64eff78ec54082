package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.memory.MemoryShare;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bodies that have not wholly come may take of the memory together. */
@QuarkusTest
@TestProfile(PatientProfile.class)
class LargeBodiesTest {

    private static final String CHAT = "/v1/chat/completions";

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    MemoryShare memory;

    private static RawClient begin(String length) {
        String head =
                "POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + length + "\r\n\r\n";
        return RawClient.connect().send(head.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000", "Transfer-Encoding: chunked"})
    void whatABodyTakesIsGivenBackWhenItsSenderGoes(String length) {
        long before = memory.taken();
        try (RawClient _ = begin(length)) {
            await().until(() -> memory.taken() > before + 900_000);
        }
        await().until(() -> memory.taken() == before);
    }

    @Test
    void whatABodyTookIsGivenBackOnceItHasComeThoughItsAnswerHasNot() {
        long before = memory.taken();
        String model = upstream.model();
        String padding = " ".repeat(500_000);

        try (RawClient client = RawClient.post(CHAT, ChatBody.body(model, padding))) {
            UpstreamCall call = upstream.next(model);
            assertThat(memory.taken()).isEqualTo(before);

            call.answer("x");
            assertThat(client.toEnd().status()).isEqualTo(200);
        }
    }

    @Test
    void whereTooManyAreOnTheirWayLargeOnesComeBackAndUsualOnesAreServed() {
        String model = upstream.model(call -> call.answer("x"));
        long all = memory.left();
        assertThat(memory.take(all)).isTrue();
        try (RawClient large = begin("Content-Length: 1000000")) {
            large.until(RawClient::complete);

            assertThat(large.status()).isEqualTo(503);
            assertThat(large.header("retry-after")).isEqualTo("1");
            assertThat(Json.read(large.body()).at("/error/code").asText()).isEqualTo("OVERLOADED");
            assertThat(RawClient.post(CHAT, ChatBody.body(model, "")).toEnd().status())
                    .isEqualTo(200);
        } finally {
            memory.giveBack(all);
        }
    }
}
