package dev.sluice.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void whatIsThereIsFound() {
        Map<String, @Nullable Object> json = Json.object(
                "{\"a\": [1, {\"b\": \"x\\n\\u00e9\\ud83d\\ude42\"}, [], {}], \"n\": -2.5e1, \"t\": true, \"z\": null}");
        assertThat(Json.string(json, "a", 1, "b")).isEqualTo("x\né🙂");
        assertThat(Json.number(json, "n", 0)).isEqualTo(-25);
        assertThat(Json.at(json, "t")).isEqualTo(true);
        assertThat(json).containsKey("z");
        assertThat(Json.string(json, "a", 9, "b")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"a\":1",
                "{\"a\":\"x}",
                "{\"a\":1}{",
                "[1]",
                "{\"a\":}",
                "{\"a\":\"\n\"}",
                "{\"a\" 1}"
            })
    void whatWasTornIsRefused(String torn) {
        assertThatThrownBy(() -> Json.object(torn)).isInstanceOf(IllegalArgumentException.class);
    }
}
