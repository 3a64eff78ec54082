package dev.sluice.collector;

import dev.sluice.collector.embedded.DatasourceChoice;
import dev.sluice.collector.embedded.EmbeddedPostgres;
import dev.sluice.collector.embedded.EmbeddedPostgresException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts the collector, with a PostgreSQL of its own when none is configured. */
@QuarkusMain
public final class CollectorMain {

    private static final int STOP_SECONDS = 90;

    private CollectorMain() {}

    /** Runs until the process is told to end. Exits with 1, after one sentence, when the database cannot be started. */
    public static void main(String... args) {
        try {
            switch (DatasourceChoice.read()) {
                case DatasourceChoice.Configured(var missing) -> {
                    missing.forEach(System::setProperty);
                    Quarkus.run(args);
                }
                case DatasourceChoice.Embedded(var dataDir, var port) -> {
                    var server = EmbeddedPostgres.start(dataDir, port);
                    server.restartWhenItDies();
                    datasource(server).forEach(System::setProperty);
                    runThenStop(server, args);
                }
            }
        } catch (EmbeddedPostgresException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static Map<String, String> datasource(EmbeddedPostgres server) {
        return Map.of(
                "quarkus.datasource.reactive.url", server.reactiveUrl(),
                "quarkus.datasource.jdbc.url", server.jdbcUrl(),
                "quarkus.datasource.username", server.user(),
                "quarkus.datasource.password", server.password());
    }

    /**
     * The server stops after Quarkus, and the JVM after the server. With the default exit handler the JVM would end as soon
     * as Quarkus has; the shutdown hook keeps it alive, for a bounded time, until the server is gone.
     */
    private static void runThenStop(EmbeddedPostgres server, String... args) {
        var stopped = new CountDownLatch(1);
        var exitCode = new AtomicInteger();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(stopped), "embedded-postgres-stop"));
        try {
            Quarkus.run(null, (code, _) -> exitCode.set(code), args);
        } finally {
            server.close();
            stopped.countDown();
        }
        if (exitCode.get() != 0) {
            System.exit(exitCode.get());
        }
    }

    private static void await(CountDownLatch stopped) {
        try {
            if (!stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The embedded PostgreSQL is still stopping.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
