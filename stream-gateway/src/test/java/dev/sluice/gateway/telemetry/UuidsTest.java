package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UuidsTest {

    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.120Z");

    @Test
    void areOfVersionSevenAndTellTheirTime() {
        for (int i = 0; i < 1_000; i++) {
            UUID id = Uuids.at(TIME);
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(TIME.toEpochMilli());
        }
    }

    @Test
    void sortByTheirTime() {
        assertThat(Uuids.at(TIME.plusMillis(1)).toString())
                .isGreaterThan(Uuids.at(TIME).toString());
    }

    @Test
    void areUniqueWithinAMillisecond() {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(Uuids.at(TIME));
        }

        assertThat(ids).hasSize(10_000);
    }
}
