package dev.sluice.collector.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CollectorSettingsTest {

    @Test
    void everyDefaultIsWhatTheDocumentsSay() {
        var settings = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(CollectorSettings.class)
                .build()
                .getConfigMapping(CollectorSettings.class);

        assertThat(settings.dataDir()).isEqualTo("./data/postgres");
        assertThat(settings.embedded().port()).isZero();
        assertThat(settings.limits().maxEvents()).isEqualTo(1000);
        assertThat(settings.limits().maxBody().asLongValue()).isEqualTo(1L << 20);
        assertThat(settings.limits().maxPendingEvents()).isEqualTo(20_000);
        assertThat(settings.limits().maxPendingBytes().asLongValue()).isEqualTo(64L << 20);
        assertThat(settings.window().past()).isEqualTo(Duration.ofDays(2));
        assertThat(settings.window().future()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.writing().maxRows()).isEqualTo(1000);
        assertThat(settings.writing().attempts()).isEqualTo(3);
        assertThat(settings.writing().backoff()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.writing().timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.retentionDays()).isEqualTo(7);
        assertThat(settings.partitionDaysAhead()).isEqualTo(3);
        assertThat(settings.retryAfter()).isEqualTo(Duration.ofSeconds(2));
    }
}
