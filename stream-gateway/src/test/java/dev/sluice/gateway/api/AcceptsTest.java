package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptsTest {

    private static AnswerForm form(@Nullable String accept) {
        return Accepts.form(accept);
    }

    @Test
    void sendsAnEventStreamToWhomItIsAllOne() {
        assertThat(form(null)).isEqualTo(AnswerForm.EVENT_STREAM);
        assertThat(form(" ")).isEqualTo(AnswerForm.EVENT_STREAM);
        assertThat(form("*/*")).isEqualTo(AnswerForm.EVENT_STREAM);
        assertThat(form("text/*")).isEqualTo(AnswerForm.EVENT_STREAM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream|EVENT_STREAM",
                "application/x-ndjson|LINES",
                "Application/X-NDJSON; charset=utf-8|LINES",
                "application/json|JSON",
                "application/json, text/event-stream|EVENT_STREAM",
                "application/json, */*;q=0.1|JSON",
                "text/event-stream;q=0.5, application/x-ndjson;q=0.8|LINES",
                "*/*, text/event-stream;q=0|LINES",
                "text/html, application/x-ndjson|LINES"
            })
    void takesTheFormThatTheClientLikesBest(String accept, AnswerForm expected) {
        assertThat(form(accept)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/html", "*/*;q=0", "nonsense", ",", "text/event-stream;q=0"})
    void refusesWhoTakesNone(String accept) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> form(accept))
                .satisfies(refused -> assertThat(refused.error().code()).isEqualTo(ErrorCode.NOT_ACCEPTABLE));
    }
}
