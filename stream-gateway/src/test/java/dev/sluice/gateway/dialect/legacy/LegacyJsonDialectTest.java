package dev.sluice.gateway.dialect.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.dialect.ExampleStream;
import dev.sluice.gateway.dialect.Frames;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LegacyJsonDialectTest {

    @Test
    void writesAnAnswerAsTheContractSays() throws IOException {
        assertThat(ExampleStream.encode(LegacyJsonDialect.EVENT_STREAM, ExampleStream.COMPLETED))
                .isEqualTo(ExampleStream.contract("legacy-json.sse"));
    }

    @Test
    void writesLinesAsTheContractSays() throws IOException {
        assertThat(ExampleStream.encode(LegacyJsonDialect.LINES, ExampleStream.COMPLETED))
                .isEqualTo(ExampleStream.contract("legacy-json.ndjson"));
    }

    @Test
    void writesABrokenAnswerAsTheContractSays() throws IOException {
        assertThat(ExampleStream.encode(LegacyJsonDialect.EVENT_STREAM, ExampleStream.BROKEN))
                .isEqualTo(ExampleStream.contract("legacy-json-error.sse"));
    }

    @Test
    void eachLineIsOneEventSoThatOffsetsCanBeCounted() {
        assertThat(ExampleStream.encode(LegacyJsonDialect.LINES, ExampleStream.COMPLETED)
                        .lines())
                .hasSize(ExampleStream.COMPLETED.size());
    }

    @Test
    void chunksJoinToTheAnswerAndNothingElseHasOne() {
        List<Map<String, String>> frames =
                Frames.of(ExampleStream.encode(LegacyJsonDialect.EVENT_STREAM, ExampleStream.COMPLETED));
        StringBuilder text = new StringBuilder();
        for (Map<String, String> frame : frames) {
            JsonNode json = Frames.json(frame);
            text.append(json.path("chunk").asText());
            assertThat(json.has("chunk")).isNotEqualTo(json.has("type"));
        }

        assertThat(text).hasToString(ExampleStream.ANSWER.text());
    }

    @Test
    void missingBeginningIsTold() {
        assertThat(ExampleStream.encode(LegacyJsonDialect.EVENT_STREAM, ExampleStream.RESET))
                .startsWith("data: {\"type\":\"reset\",\"first_offset\":40,\"reason\":\"no longer kept\"}\n\nid: 40\n");
    }
}
