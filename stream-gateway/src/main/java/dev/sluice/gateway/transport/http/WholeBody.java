package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.transport.ClientWriteClock;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** A body that is there whole, on its way to a client who may take it slowly or not at all. Lives on the connection's thread. */
final class WholeBody {

    private final HttpServerRequest request;
    private final byte[] bytes;
    private final Runnable done;
    private final ResponseBody body;
    private int sent;
    private boolean finished;

    /** @param done run once, when all is written or the client has gone */
    WholeBody(HttpServerRequest request, byte[] bytes, ClientWriteClock clientWrite, Runnable done) {
        this.request = request;
        this.bytes = bytes;
        this.done = done;
        this.body = new ResponseBody(request, clientWrite, this::write, this::gone);
    }

    /** Sends it. The response's head must be set. */
    void send() {
        if (!body.open()) {
            gone();
        } else if (request.method().equals(HttpMethod.HEAD)) {
            finish(bytes.length);
        } else {
            request.response().putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length));
            write();
        }
    }

    private void write() {
        while (!finished && bytes.length - sent > ResponseBody.MAX_PIECE) {
            if (body.full()) {
                return;
            }
            body.write(next(ResponseBody.MAX_PIECE));
        }
        finish(bytes.length - sent);
    }

    private Buffer next(int count) {
        sent += count;
        return Buffer.buffer(count).appendBytes(bytes, sent - count, count);
    }

    private void finish(int count) {
        if (!finished) {
            finished = true;
            body.end(next(count));
            done.run();
        }
    }

    private void gone() {
        body.rest();
        if (!finished) {
            finished = true;
            done.run();
        }
    }
}
