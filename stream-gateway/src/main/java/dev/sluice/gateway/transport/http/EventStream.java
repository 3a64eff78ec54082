package dev.sluice.gateway.transport.sse;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transport.Wakeup;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client that reads one stream. Lives on the thread of its connection: catches up and then follows, writes as fast as the
 * socket takes it, keeps the line warm, and lets go of the log when the client goes away.
 */
public final class EventStream {

    private static final int MAX_WRITE_BYTES = 64 * 1_024;

    private enum State {
        /** The response's head waits for the first visible event. */
        HEAD_HELD,
        /** The head may go; nobody has asked for the body yet. */
        HEAD_READY,
        FLOWING,
        CLOSED
    }

    private final StreamLog log;
    private final HttpServerResponse response;
    private final Dialect dialect;
    private final StreamEncoder encoder;
    private final Timers timers;
    private final Duration heartbeat;
    private final LogReader reader;
    private final Utf8Buffer out = new Utf8Buffer(512);
    private State state;
    private boolean ended;
    private long lastWriteNanos;
    private Timers.@Nullable Alarm heartbeatAlarm;
    private @Nullable UniEmitter<? super EventStream> headEmitter;
    private @Nullable GatewayError refusal;
    private @Nullable Runnable whenDone;

    /**
     * Starts to read. On the connection's own Vert.x context.
     *
     * @param from the first offset that the client wants
     * @param heartbeat the longest silence on the line
     */
    public EventStream(
            StreamLog log, long from, Dialect dialect, HttpServerResponse response, Timers timers, Duration heartbeat) {
        this.log = log;
        this.response = response;
        this.dialect = dialect;
        this.encoder = dialect.encoder(log.info());
        this.timers = timers;
        this.heartbeat = heartbeat;
        this.lastWriteNanos = timers.nanoTime();
        this.state = dialect.holdsHead() ? State.HEAD_HELD : State.HEAD_READY;
        if (state == State.HEAD_READY) {
            dialect.framing().open(id(), out);
        }
        this.reader = log.read(from, Wakeup.here(this::drain));
        this.heartbeatAlarm = timers.after(heartbeat, this::beat);
        if (state == State.HEAD_HELD) {
            drain();
        }
    }

    /**
     * Waits until the response's head may be sent. Cancelling says that the client has gone.
     *
     * @return fails with a {@link GatewayException} when the stream fails before it showed anything
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
        return log.info().key().id().value();
    }

    /** Returns the format in which it is written. */
    public Dialect dialect() {
        return dialect;
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
                encodeAvailable();
                resolveHead();
            }
            case FLOWING -> write();
            case HEAD_READY, CLOSED -> {}
        }
    }

    /** Stops while the socket takes no more: news of the log come all the same, and would pile up in front of it. */
    private void write() {
        while (true) {
            if (response.writeQueueFull()) {
                response.drainHandler(_ -> drain());
                return;
            }
            encodeAvailable();
            if (ended) {
                finish();
                return;
            }
            if (out.length() == 0) {
                return;
            }
            lastWriteNanos = timers.nanoTime();
            response.write(out.toBuffer());
            out.clear();
        }
    }

    private void encodeAvailable() {
        while (!ended && out.length() < MAX_WRITE_BYTES) {
            long offset = reader.position();
            StreamEvent event = reader.poll();
            if (event == null) {
                return;
            }
            if (state == State.HEAD_HELD && out.length() == 0 && event instanceof StreamEvent.Failed failed) {
                refuse(failed.error());
                return;
            }
            encoder.encode(offset, event, out);
            ended = encoder.endsWith(event);
        }
    }

    private void resolveHead() {
        UniEmitter<? super EventStream> emitter = headEmitter;
        if (state == State.HEAD_HELD && out.length() > 0) {
            state = State.HEAD_READY;
        }
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
        response.end(out.toBuffer());
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
                dialect.framing().heartbeat(out);
                resolveHead();
            } else if (!response.writeQueueFull()) {
                dialect.framing().heartbeat(out);
                write();
            }
        }
        heartbeatAlarm = timers.after(left, this::beat);
    }
}
