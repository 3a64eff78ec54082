package dev.sluice.gateway.telemetry;

import io.smallrye.faulttolerance.api.ExponentialBackoff;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** Delivers one batch to the collector. */
@ApplicationScoped
class BatchSender {

    private final CollectorClient collector;

    BatchSender(@RestClient CollectorClient collector) {
        this.collector = collector;
    }

    /**
     * Delivers a batch, with retries.
     *
     * @param json the batch
     * @return fails with {@link BatchRefusedException} where the collector will never take it, otherwise it may be sent again
     */
    @Retry(
            maxRetries = 3,
            delay = 500,
            jitter = 200,
            maxDuration = 30_000,
            abortOn = {BatchRefusedException.class, CircuitBreakerOpenException.class})
    @ExponentialBackoff(maxDelay = 5_000)
    @CircuitBreaker(requestVolumeThreshold = 6, failureRatio = 1, delay = 5_000, skipOn = BatchRefusedException.class)
    @Timeout(5_000)
    Uni<Void> send(byte[] json) {
        return sendOnce(json);
    }

    /** Delivers a batch, or not. */
    Uni<Void> sendOnce(byte[] json) {
        return collector.send(gzip(json)).onItem().transformToUni(BatchSender::check);
    }

    private static Uni<Void> check(Response response) {
        int status = response.getStatus();
        response.close();
        if (status == 200) {
            return Uni.createFrom().voidItem();
        }
        boolean refused = status >= 400 && status < 500 && status != 408 && status != 429;
        return Uni.createFrom()
                .failure(refused ? new BatchRefusedException(status) : new IOException("HTTP " + status));
    }

    private static byte[] gzip(byte[] json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
