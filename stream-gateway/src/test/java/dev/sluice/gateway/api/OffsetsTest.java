package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Session;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.testing.Examples;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetsTest {

    @Test
    void beginsAtTheStartWhereNothingIsAsked() {
        assertThat(first(null, null)).isZero();
        assertThat(first("", null)).isZero();
    }

    @Test
    void beginsAfterTheLastEventThatWasRead() {
        assertThat(first("0", null)).isEqualTo(1);
        assertThat(first("9", null)).isEqualTo(10);
    }

    @Test
    void beginsWithTheOffsetThatIsAsked() {
        assertThat(first(null, "0")).isZero();
        assertThat(first(null, "10")).isEqualTo(10);
    }

    @Test
    void believesTheLastEventRatherThanTheOffset() {
        assertThat(first("4", "2")).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "999999999999999999"})
    void refusesALastEventBeyondTheEnd(String lastEventId) {
        assertRefused(lastEventId, null, "Last-Event-ID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"11", "-1", "+1", "1.0", "0x1", "", " 1", "\u0661", "9223372036854775807"})
    void refusesWhatIsNoOffsetOfTheLog(String offset) {
        assertRefused(null, offset, "offset");
    }

    private static long first(@Nullable String lastEventId, @Nullable String offset) {
        return Offsets.first(lastEventId, offset, new TenEvents());
    }

    private static void assertRefused(@Nullable String lastEventId, @Nullable String offset, String param) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> first(lastEventId, offset))
                .satisfies(exception -> {
                    assertThat(exception.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(exception.error().param()).isEqualTo(param);
                });
    }

    /** A log of which only the length matters. */
    private static final class TenEvents implements StreamLog {

        @Override
        public GenerationInfo info() {
            return Examples.generation("ten");
        }

        @Override
        public long append(StreamEvent event) {
            throw new AssertionError("nobody writes here");
        }

        @Override
        public Session session() {
            throw new AssertionError("nobody asks how it stands");
        }

        @Override
        public long nextOffset() {
            return 10;
        }

        @Override
        public long firstOffset() {
            return 0;
        }

        @Override
        public int readers() {
            return 0;
        }

        @Override
        public boolean full() {
            return false;
        }

        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public LogReader read(long from, Runnable wake) {
            throw new AssertionError("nobody reads here");
        }
    }
}
