package dev.sluice.provider.http;

import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.http.AnswerDecoder.Progress;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * Reads a successful answer as far as it is wanted, and leaves the connection fit for the next one.
 *
 * <p>The answer is over when the decoder knows it to be, not when the server closes: what follows is drained for a moment, so
 * that the connection can be used again, and a server that does not come to an end loses it.
 */
final class AnswerBody {

    /** For how long figures may lag behind the model's last word. */
    private static final long FINISH_GRACE_MS = 1_000;

    private static final long DRAIN_MS = 1_000;
    private static final long NO_TIMER = -1;

    private enum State {
        READING,
        DRAINING,
        OVER
    }

    private final Vertx vertx;
    private final HttpClientResponse response;
    private final AnswerDecoder decoder;
    private final Outlet outlet;
    private final Refusals refusals;
    private State state = State.READING;
    private boolean decoding;
    private boolean flowing;
    private long timer = NO_TIMER;

    AnswerBody(Vertx vertx, HttpClientResponse response, AnswerDecoder decoder, Outlet outlet, Refusals refusals) {
        this.vertx = vertx;
        this.response = response;
        this.decoder = decoder;
        this.outlet = outlet;
        this.refusals = refusals;
    }

    void start() {
        response.exceptionHandler(this::broken).endHandler(_ -> ended()).handler(this::read);
        pull();
    }

    /** Whether the exchange has ended, so that its connection may be at work for another. */
    boolean isOver() {
        return state == State.OVER;
    }

    /** Loses interest. */
    void stop() {
        over();
        release();
    }

    private void over() {
        state = State.OVER;
        stopTimer();
    }

    /** Gives back what the decoder holds, unless it is at work: then it is done as soon as that is. */
    private void release() {
        if (state != State.READING && !decoding) {
            decoder.close();
        }
    }

    /** Reads on while what was read before is handed out. */
    void pull() {
        if (state != State.READING || decoding || flowing == outlet.hasRoom()) {
            return;
        }
        flowing = !flowing;
        if (flowing) {
            response.resume();
        } else {
            response.pause();
        }
    }

    private void read(Buffer buffer) {
        if (state != State.READING) {
            return;
        }
        decoding = true;
        try {
            byte[] bytes = buffer.getBytes();
            decoder.feed(bytes, 0, bytes.length, outlet);
        } catch (RuntimeException e) {
            fail(e);
            return;
        } finally {
            decoding = false;
            release();
        }
        switch (decoder.progress()) {
            case OPEN -> pull();
            case FINISHING -> {
                startTimer(FINISH_GRACE_MS, this::waitedEnough);
                pull();
            }
            case COMPLETE -> drain();
        }
    }

    private void drain() {
        if (state == State.READING) {
            state = State.DRAINING;
            release();
            outlet.complete();
            response.resume();
            stopTimer();
            startTimer(DRAIN_MS, this::giveUpConnection);
        }
    }

    private void waitedEnough() {
        if (state != State.READING) {
            return;
        }
        if (!flowing) {
            startTimer(FINISH_GRACE_MS, this::waitedEnough);
            return;
        }
        try {
            finish();
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        drain();
    }

    private void finish() {
        decoding = true;
        try {
            decoder.end(outlet);
        } finally {
            decoding = false;
            release();
        }
    }

    private void giveUpConnection() {
        if (state == State.DRAINING) {
            stop();
            response.request().reset();
        }
    }

    private void ended() {
        boolean wasReading = state == State.READING;
        over();
        if (wasReading) {
            try {
                finish();
                outlet.complete();
            } catch (RuntimeException e) {
                outlet.fail(refusals.undecodable(e));
            }
        }
    }

    private void broken(Throwable cause) {
        if (state == State.READING && decoder.progress() == Progress.FINISHING) {
            ended();
        } else if (state == State.READING) {
            outlet.fail(refusals.broken(outlet.isUsed() ? Phase.MID_STREAM : Phase.FIRST_CHUNK, cause));
        }
        stop();
    }

    private void fail(RuntimeException cause) {
        if (state == State.READING) {
            stop();
            outlet.fail(cause instanceof ProviderException ? cause : refusals.undecodable(cause));
            response.request().reset();
        }
    }

    private void startTimer(long delayMs, Runnable action) {
        if (timer == NO_TIMER) {
            timer = vertx.setTimer(delayMs, _ -> {
                timer = NO_TIMER;
                action.run();
            });
        }
    }

    private void stopTimer() {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}
