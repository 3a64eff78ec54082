package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.transport.ClientWriteClock;
import dev.sluice.gateway.transport.Connections;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * The body of one HTTP response: taken by the client piece by piece, and dropped with its connection when the client takes
 * nothing for too long. Lives on the thread of its connection.
 */
final class ResponseBody {

    /** No piece should have more bytes. */
    static final int MAX_PIECE = 64 * 1_024;

    private static final long HTTP2_CANCEL = 0x8;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Runnable room;
    private final Runnable gone;
    private final ClientWriteClock.Watch watch;

    /**
     * @param room run when the client takes something again
     * @param gone run when the client has gone away or is given up; possibly more than once
     */
    ResponseBody(HttpServerRequest request, ClientWriteClock clientWrite, Runnable room, Runnable gone) {
        this.request = request;
        this.response = request.response();
        this.room = room;
        this.gone = gone;
        this.watch = clientWrite.watch(this::giveUp);
    }

    /** Begins. The response's head must be set; false where the client has gone already. */
    boolean open() {
        // Only now: until here the framework has a close handler of its own, which cancels the waiting for the answer.
        response.closeHandler(_ -> gone.run());
        return !response.closed();
    }

    /** Whether the next piece has to wait until there is room. */
    boolean full() {
        if (response.writeQueueFull()) {
            watch.start();
            response.drainHandler(_ -> {
                watch.stop();
                room.run();
            });
            return true;
        }
        return false;
    }

    void write(Buffer piece) {
        response.write(piece);
    }

    /** Writes the last piece. That one, too, must be taken in time. */
    void end(Buffer piece) {
        Future<Void> taken = response.end(piece);
        if (!taken.isComplete()) {
            watch.start();
            taken.onComplete(_ -> watch.stop());
        }
    }

    /** Says that nothing waits for the client. */
    void rest() {
        watch.stop();
    }

    private void giveUp() {
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(HTTP2_CANCEL);
        } else {
            Connections.reset(request.connection());
        }
        gone.run();
    }
}
