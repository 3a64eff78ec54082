package dev.sluice.collector.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DatasourceChoiceTest {

    private static final String REACTIVE = "quarkus.datasource.reactive.url";
    private static final String JDBC = "quarkus.datasource.jdbc.url";

    @Test
    void withoutADatasourceTheEmbeddedServerIsChosen() {
        assertThat(choice(Map.of())).isEqualTo(new DatasourceChoice.Embedded(Path.of("./data/postgres"), 0));
        assertThat(choice(Map.of("sluice.collector.data-dir", "/d", "sluice.collector.embedded.port", "5433")))
                .isEqualTo(new DatasourceChoice.Embedded(Path.of("/d"), 5433));
    }

    @Test
    void theReactiveUrlAloneIsEnough() {
        var jdbc = Map.of(JDBC, "jdbc:postgresql://db:5432/sluice");
        assertThat(choice(Map.of(REACTIVE, "postgresql://db:5432/sluice")))
                .isEqualTo(new DatasourceChoice.Configured(jdbc));
        assertThat(choice(Map.of(REACTIVE, "vertx-reactive:postgresql://db:5432/sluice")))
                .isEqualTo(new DatasourceChoice.Configured(jdbc));
        assertThat(choice(Map.of(REACTIVE, "postgres://db:5432/sluice")))
                .isEqualTo(new DatasourceChoice.Configured(jdbc));
    }

    @Test
    void theJdbcUrlAloneIsEnough() {
        assertThat(choice(Map.of(JDBC, "jdbc:postgresql://db:5432/sluice")))
                .isEqualTo(new DatasourceChoice.Configured(Map.of(REACTIVE, "postgresql://db:5432/sluice")));
    }

    @Test
    void bothUrlsAreLeftAsTheyAre() {
        assertThat(choice(Map.of(REACTIVE, "postgresql://a/b", JDBC, "jdbc:postgresql://a/b")))
                .isEqualTo(new DatasourceChoice.Configured(Map.of()));
    }

    private static DatasourceChoice choice(Map<String, String> values) {
        return DatasourceChoice.of(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build());
    }
}
