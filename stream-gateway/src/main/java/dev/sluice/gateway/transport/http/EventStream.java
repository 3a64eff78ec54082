package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transport.ClientWriteClock;
import dev.sluice.gateway.transport.FrameReader;
import dev.sluice.gateway.transport.FrameReaders;
import dev.sluice.gateway.transport.Reading;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client that reads one stream in the body of one HTTP response. Lives on the thread of its connection: catches up and
 * then follows, writes as fast as the socket takes it, keeps the line warm, and lets go of the log when the client goes away or
 * no longer reads.
 */
public final class EventStream {

    private enum State {
        /** The response's head waits for the answer to begin. */
        HEAD_HELD,
        /** The head may go; nobody has asked for the body yet. */
        HEAD_READY,
        FLOWING,
        CLOSED
    }

    private final HttpServerResponse response;
    private final ResponseBody body;
    private final Timers timers;
    private final Duration heartbeat;
    private final FrameReader reader;
    private final Utf8Buffer out = new Utf8Buffer(512);
    private State state;
    private int sent;
    private boolean writing;
    private long lastWriteNanos;
    private Timers.@Nullable Alarm heartbeatAlarm;
    private @Nullable UniEmitter<? super EventStream> headEmitter;
    private @Nullable GatewayError refusal;
    private @Nullable Runnable whenDone;

    /**
     * Starts to read. On the connection's own Vert.x context.
     *
     * @param heartbeat the longest silence on the line
     */
    public EventStream(
            HttpServerRequest request,
            Reading reading,
            FrameReaders readers,
            ClientWriteClock clientWrite,
            Timers timers,
            Duration heartbeat) {
        this.response = request.response();
        this.body = new ResponseBody(request, clientWrite, this::drain, this::clientGone);
        this.timers = timers;
        this.heartbeat = heartbeat;
        this.lastWriteNanos = timers.nanoTime();
        this.state = reading.holdHead() ? State.HEAD_HELD : State.HEAD_READY;
        this.reader = readers.open(reading, this::drain);
        this.heartbeatAlarm = timers.after(heartbeat, this::beat);
        if (state == State.HEAD_HELD) {
            drain();
        } else {
            dialect().framing().open(id(), out);
        }
    }

    /**
     * Waits until the response's head may be sent. Cancelling says that the client has gone.
     *
     * @return fails with a {@link GatewayException} when the stream fails before anything of an answer came
     */
    public Uni<EventStream> head() {
        return Uni.createFrom().emitter(emitter -> {
            GatewayError refused = refusal;
            if (refused != null) {
                emitter.fail(new GatewayException(refused));
            } else {
                headEmitter = emitter;
                emitter.onTermination(this::headCancelled);
                resolveHead();
            }
        });
    }

    /** Returns the stream's public name. */
    public String id() {
        return reader.log().info().key().id().value();
    }

    /** Returns the format in which it is written. */
    public Dialect dialect() {
        return reader.dialect();
    }

    /** Sends the body. The response's head must be set; {@code done} runs once, after the last byte. */
    void flow(Runnable done) {
        whenDone = done;
        if (state == State.CLOSED) {
            done.run();
            return;
        }
        if (!body.open()) {
            clientGone();
            return;
        }
        state = State.FLOWING;
        response.setChunked(true);
        drain();
    }

    private void drain() {
        switch (state) {
            case HEAD_HELD -> {
                reader.read(out, ResponseBody.MAX_PIECE);
                GatewayError failure = reader.refusal();
                if (failure != null) {
                    refuse(failure);
                } else if (reader.begun() || reader.ended()) {
                    releaseHead();
                }
            }
            case FLOWING -> write();
            case HEAD_READY, CLOSED -> {}
        }
    }

    /** A write can make room at once and so call for the next one, which this loop does anyway. */
    private void write() {
        if (!writing) {
            writing = true;
            writeAll();
            writing = false;
        }
    }

    private void writeAll() {
        while (state == State.FLOWING) {
            // Until there is room nothing is read of the log: its news would pile up in front of the socket.
            if (body.full()) {
                return;
            }
            if (sent == out.length()) {
                out.clear();
                sent = 0;
                reader.read(out, ResponseBody.MAX_PIECE);
            }
            boolean last = out.length() - sent <= ResponseBody.MAX_PIECE && reader.ended();
            if (last) {
                finish();
            } else if (out.length() == 0) {
                return;
            } else {
                lastWriteNanos = timers.nanoTime();
                body.write(next());
            }
        }
    }

    /** A frame can be much larger than what the socket should be given at once. */
    private Buffer next() {
        int count = Math.min(ResponseBody.MAX_PIECE, out.length() - sent);
        sent += count;
        return out.toBuffer(sent - count, count);
    }

    private void releaseHead() {
        state = State.HEAD_READY;
        resolveHead();
    }

    private void resolveHead() {
        UniEmitter<? super EventStream> emitter = headEmitter;
        if (emitter != null && state == State.HEAD_READY) {
            headEmitter = null;
            emitter.complete(this);
        }
    }

    private void refuse(GatewayError error) {
        close();
        refusal = error;
        UniEmitter<? super EventStream> emitter = headEmitter;
        if (emitter != null) {
            headEmitter = null;
            emitter.fail(new GatewayException(error));
        }
    }

    private void finish() {
        close();
        body.end(next());
        done();
    }

    private void headCancelled() {
        if (headEmitter != null) {
            headEmitter = null;
            clientGone();
        }
    }

    private void clientGone() {
        if (state != State.CLOSED) {
            close();
            done();
        }
    }

    private void done() {
        Runnable action = whenDone;
        if (action != null) {
            whenDone = null;
            action.run();
        }
    }

    private void close() {
        state = State.CLOSED;
        reader.close();
        body.rest();
        Timers.Alarm alarm = heartbeatAlarm;
        if (alarm != null) {
            alarm.cancel();
            heartbeatAlarm = null;
        }
    }

    private void beat() {
        if (state == State.CLOSED) {
            return;
        }
        Duration left = heartbeat.minusNanos(timers.nanoTime() - lastWriteNanos);
        if (!left.isPositive()) {
            lastWriteNanos = timers.nanoTime();
            left = heartbeat;
            if (state != State.FLOWING) {
                dialect().framing().heartbeat(out);
                releaseHead();
            } else if (sent == out.length() && !body.full()) {
                dialect().framing().heartbeat(out);
                write();
            }
        }
        heartbeatAlarm = timers.after(left, this::beat);
    }
}
