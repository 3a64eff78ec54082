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
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client that reads one stream in the body of one HTTP response. Lives on the thread of its connection: catches up and
 * then follows, writes as fast as the socket takes it, keeps the line warm, and lets go of the log when the client goes away or
 * no longer reads.
 */
public final class EventStream {

    private static final int MAX_WRITE_BYTES = 64 * 1_024;
    private static final long HTTP2_CANCEL = 0x8;

    private enum State {
        /** The response's head waits for the answer to begin. */
        HEAD_HELD,
        /** The head may go; nobody has asked for the body yet. */
        HEAD_READY,
        FLOWING,
        CLOSED
    }

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ClientWriteClock clientWrite;
    private final Timers timers;
    private final Duration heartbeat;
    private final FrameReader reader;
    private final Utf8Buffer out = new Utf8Buffer(512);
    private State state;
    private int sent;
    private boolean writing;
    private long lastWriteNanos;
    private Timers.@Nullable Alarm heartbeatAlarm;
    private Timers.@Nullable Alarm clientWriteAlarm;
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
        this.request = request;
        this.response = request.response();
        this.clientWrite = clientWrite;
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
        // Only now: until here the framework has a close handler of its own, which cancels the waiting for the head.
        response.closeHandler(_ -> clientGone());
        if (response.closed()) {
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
                reader.read(out, MAX_WRITE_BYTES);
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
            if (response.writeQueueFull()) {
                waitForRoom();
                return;
            }
            if (sent == out.length()) {
                out.clear();
                sent = 0;
                reader.read(out, MAX_WRITE_BYTES);
            }
            boolean last = out.length() - sent <= MAX_WRITE_BYTES && reader.ended();
            if (last) {
                finish();
            } else if (out.length() == 0) {
                return;
            } else {
                lastWriteNanos = timers.nanoTime();
                response.write(next());
            }
        }
    }

    /** A frame can be much larger than what the socket should be given at once. */
    private Buffer next() {
        int count = Math.min(MAX_WRITE_BYTES, out.length() - sent);
        sent += count;
        return out.toBuffer(sent - count, count);
    }

    /** Until then nothing is read of the log: its news would pile up in front of the socket. */
    private void waitForRoom() {
        if (clientWriteAlarm == null) {
            clientWriteAlarm = clientWrite.start(this::abandon);
            response.drainHandler(_ -> roomAgain());
        }
    }

    private void roomAgain() {
        cancelClientWrite();
        drain();
    }

    private void cancelClientWrite() {
        Timers.Alarm alarm = clientWriteAlarm;
        if (alarm != null) {
            alarm.cancel();
            clientWriteAlarm = null;
        }
    }

    /** The client reads no more: what waits for it is dropped with its connection. */
    private void abandon() {
        clientWriteAlarm = null;
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(HTTP2_CANCEL);
        } else {
            request.connection().close();
        }
        clientGone();
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
        Future<Void> gone = response.end(next());
        if (!gone.isComplete()) {
            clientWriteAlarm = clientWrite.start(this::abandon);
            gone.onComplete(_ -> cancelClientWrite());
        }
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
        cancelClientWrite();
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
            } else if (sent == out.length() && !response.writeQueueFull()) {
                dialect().framing().heartbeat(out);
                write();
            }
        }
        heartbeatAlarm = timers.after(left, this::beat);
    }
}
