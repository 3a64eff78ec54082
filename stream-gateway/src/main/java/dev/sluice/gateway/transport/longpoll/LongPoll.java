package dev.sluice.gateway.transport.longpoll;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.dialect.standard.StandardJson;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.time.Timers;
import dev.sluice.gateway.transport.Wakeup;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One question for what came since an offset: answered at once where something is there, otherwise as soon as something comes or
 * the waiting is over. Lives on the thread of its connection.
 *
 * <p>The answer is {@code {"events":[…],"next_offset":n,"done":…}} with the events in the standard format. The client asks for
 * {@code next_offset} next, until it is done.
 */
public final class LongPoll {

    private static final int MAX_BYTES = 256 * 1_024;

    private final StreamLog log;
    private final UniEmitter<? super byte[]> emitter;
    private final LogReader reader;
    private final Timers.Alarm alarm;
    private boolean answered;

    private LongPoll(StreamLog log, long from, Duration wait, Timers timers, UniEmitter<? super byte[]> emitter) {
        this.log = log;
        this.emitter = emitter;
        this.reader = log.read(from, Wakeup.here(this::answerNews));
        this.alarm = timers.after(wait, this::answer);
        emitter.onTermination(this::stop);
    }

    /**
     * Asks on the current Vert.x context. Cancelling says that the client has gone.
     *
     * @param from the first offset to read, 0 to the log's next one
     * @param wait how long an answer without events is held back
     * @return the answer's JSON
     */
    public static Uni<byte[]> ask(StreamLog log, long from, Duration wait, Timers timers) {
        return Uni.createFrom().emitter(emitter -> new LongPoll(log, from, wait, timers, emitter).answerNews());
    }

    private void answerNews() {
        if (reader.position() < log.nextOffset() || log.ended()) {
            answer();
        }
    }

    private void answer() {
        if (!answered) {
            byte[] body = body();
            stop();
            emitter.complete(body);
        }
    }

    private byte[] body() {
        Utf8Buffer out = new Utf8Buffer(1_024).raw("{\"events\":[");
        String separator = "";
        long offset = reader.position();
        for (StreamEvent event = reader.poll(); event != null; event = next(out)) {
            StandardJson.append(offset, event, out.raw(separator));
            separator = ",";
            offset = reader.position();
        }
        boolean done = log.ended() && offset == log.nextOffset();
        return out.raw("],\"next_offset\":")
                .number(offset)
                .raw(done ? ",\"done\":true}" : ",\"done\":false}")
                .toBytes();
    }

    /** What does not fit is the next answer's. */
    private @Nullable StreamEvent next(Utf8Buffer out) {
        return out.length() < MAX_BYTES ? reader.poll() : null;
    }

    private void stop() {
        answered = true;
        alarm.cancel();
        reader.close();
    }
}
