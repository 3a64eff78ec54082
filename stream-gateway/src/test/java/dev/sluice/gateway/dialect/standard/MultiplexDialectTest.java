package dev.sluice.gateway.dialect.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.dialect.ExampleStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MultiplexDialectTest {

    @Test
    void writesAnAnswerAsTheContractSays() throws IOException {
        assertThat(ExampleStream.encode(MultiplexDialect.LINES, ExampleStream.COMPLETED))
                .isEqualTo(ExampleStream.contract("websocket.jsonl"));
    }
}
