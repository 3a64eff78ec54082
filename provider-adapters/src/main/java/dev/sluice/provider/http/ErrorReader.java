package dev.sluice.provider.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;

/**
 * Reads the body of a refusal, within bounds of size and time, and tells what was refused.
 *
 * <p>A body that is cut, too long or too slow does not hide the refusal: its status and headers are enough.
 */
final class ErrorReader {

    private static final int MAX_BYTES = 64 * 1024;
    private static final long MAX_MS = 2_000;

    private final Vertx vertx;
    private final HttpClientResponse response;
    private final Refusals refusals;
    private final Consumer<Throwable> told;
    private final Buffer body = Buffer.buffer();
    private boolean over;
    private long timer;

    ErrorReader(Vertx vertx, HttpClientResponse response, Refusals refusals, Consumer<Throwable> told) {
        this.vertx = vertx;
        this.response = response;
        this.refusals = refusals;
        this.told = told;
    }

    void start() {
        timer = vertx.setTimer(MAX_MS, _ -> cut());
        response.exceptionHandler(_ -> tell())
                .endHandler(_ -> tell())
                .handler(this::read)
                .resume();
    }

    private void read(Buffer buffer) {
        if (over) {
            return;
        }
        if (body.length() + buffer.length() > MAX_BYTES) {
            cut();
        } else {
            body.appendBuffer(buffer);
        }
    }

    private void cut() {
        if (!over) {
            tell();
            response.request().reset();
        }
    }

    private void tell() {
        if (!over) {
            over = true;
            vertx.cancelTimer(timer);
            told.accept(refusals.refused(response.statusCode(), response.headers(), body.getBytes()));
        }
    }
}
