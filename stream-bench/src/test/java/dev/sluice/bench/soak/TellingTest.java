package dev.sluice.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.upstream.Script;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TellingTest {

    private static final Script SCRIPT = Script.of(20, 0).seeded(3);
    private static final String TEXT = SCRIPT.text();

    private final Telling telling = new Telling(SCRIPT);

    @Test
    void theWholeTextAndItsEndAreComplete() {
        telling.text(TEXT.substring(0, 11));
        telling.text(TEXT.substring(11));
        telling.end(Telling.COMPLETE);
        assertThat(telling.complete()).isTrue();
    }

    @Test
    void oneWrongCharacterIsAFault() {
        assertThatThrownBy(() -> telling.text(TEXT.substring(0, 9) + "~"))
                .isInstanceOf(Telling.Fault.class)
                .hasMessageContaining("character 9");
    }

    @Test
    void aCharacterTwiceIsAFault() {
        telling.text(TEXT.substring(0, 5));
        assertThatThrownBy(() -> telling.text(TEXT.substring(4))).isInstanceOf(Telling.Fault.class);
    }

    @Test
    void anEndThatComesTooEarlyIsAFault() {
        telling.text(TEXT.substring(0, 5));
        assertThatThrownBy(() -> telling.end(Telling.COMPLETE)).isInstanceOf(Telling.Fault.class);
    }

    @Test
    void twoEndsAreAFault() {
        telling.end("TIMEOUT");
        assertThatThrownBy(() -> telling.end("TIMEOUT")).isInstanceOf(Telling.Fault.class);
    }

    @Test
    void aChatCompletionIsReadWhereverItIsCut() {
        byte[] wire = """
            : comment

            data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"choices":[{"index":0,"delta":{"content":%s},"finish_reason":null}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]

            """.formatted(quoted(TEXT)).getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= wire.length; cut++) {
            Telling told = new Telling(SCRIPT);
            Lines lines = Format.CHAT_COMPLETIONS.reader(told);
            lines.take(wire, 0, cut);
            lines.take(wire, cut, wire.length);
            assertThat(told.complete()).as("cut at %d", cut).isTrue();
        }
    }

    @Test
    void anErrorEndsAChatCompletionWithItsCode() {
        byte[] wire = "event: error\ndata: {\"error\":{\"message\":\"x\",\"code\":\"TIMEOUT\"}}\n\ndata: [DONE]\n\n"
                .getBytes(StandardCharsets.UTF_8);
        Format.CHAT_COMPLETIONS.reader(telling).take(wire, 0, wire.length);
        assertThat(telling.how()).isEqualTo("TIMEOUT");
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> out.append(String.format("\\u%04x", c)));
        return out.append('"').toString();
    }
}
