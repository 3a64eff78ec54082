package dev.sluice.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.child.Provider;
import dev.sluice.bench.child.Run;
import dev.sluice.bench.net.Http;
import dev.sluice.bench.upstream.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Run run;
    private static Provider provider;

    @BeforeAll
    static void start() throws IOException {
        run = Run.begin();
        provider = new Provider(run);
    }

    @AfterAll
    static void stop() {
        run.close();
    }

    private static byte[] request(Script script) {
        return Http.request(
                "POST",
                provider.port(),
                "/v1/chat/completions",
                "{\"model\":\"" + script.model() + "\",\"stream\":true}");
    }

    private static Figures once(Script script, int connections, Duration patience) throws IOException {
        Plan plan = Plan.once(provider.port(), request(script), connections, script.chunks(), 0);
        return Load.run(plan, patience, List.of());
    }

    @Test
    void everyChunkOfEveryStreamIsCounted() throws IOException {
        Figures figures = once(Script.of(300, 0), 20, PATIENCE);
        assertThat(figures.sound()).isTrue();
        assertThat(figures.streams()).isEqualTo(20);
        assertThat(figures.chunks()).isEqualTo(6_000);
        assertThat(figures.chunkDelay().count()).isEqualTo(6_000);
    }

    @Test
    void connectionsStreamAgainUntilTheTimeIsUp() throws IOException {
        Script script = Script.of(2, 5);
        Plan plan = Plan.lasting(provider.port(), request(script), 2, 2, Duration.ofMillis(300));
        Figures figures = Load.run(plan, PATIENCE, List.of());
        assertThat(figures.sound()).isTrue();
        assertThat(figures.streams()).isGreaterThan(4);
    }

    @Test
    void theFirstChunkIsTimedFromTheRequest() throws IOException {
        Figures figures = once(Script.of(1, 0).first(100), 1, PATIENCE);
        assertThat(figures.firstChunk().millis(50)).isGreaterThanOrEqualTo(99);
        assertThat(figures.chunkDelay().millis(50)).isLessThan(99);
    }

    @Test
    void aStreamThatBreaksIsBroken() throws IOException {
        Figures figures = once(Script.of(50, 1).dying(10), 3, PATIENCE);
        assertThat(figures.broken()).isEqualTo(3);
        assertThat(figures.sound()).isFalse();
        assertThat(figures.firstFault()).contains("10 of 50 marks");
    }

    @Test
    void aStreamThatStallsIsBrokenWhenPatienceEnds() throws IOException {
        Figures figures = once(Script.of(50, 1).stalling(10), 2, Duration.ofMillis(300));
        assertThat(figures.broken()).isEqualTo(2);
    }

    @Test
    void aRefusalIsAnError() throws IOException {
        Figures figures = once(Script.of(5, 0).failing(429, 0), 2, PATIENCE);
        assertThat(figures.errors()).isEqualTo(2);
        assertThat(figures.firstFault()).contains("429");
    }

    @Test
    void aMissingChunkIsNoticed() throws IOException {
        Plan plan = Plan.once(provider.port(), request(Script.of(5, 0)), 1, 6, 0);
        assertThat(Load.run(plan, PATIENCE, List.of()).broken()).isEqualTo(1);
    }

    @Test
    void theProviderFailsAsOftenAsTheScriptSays() throws IOException {
        byte[] request = request(Script.of(1, 0).failing(503, 2).tagged(77));
        assertThat(Http.ask(provider.port(), request).status()).isEqualTo(503);
        assertThat(Http.ask(provider.port(), request).status()).isEqualTo(503);
        assertThat(Http.ask(provider.port(), request).status()).isEqualTo(200);
    }
}
