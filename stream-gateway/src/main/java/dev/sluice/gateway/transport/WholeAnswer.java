package dev.sluice.gateway.transport;

import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;

/** A client that waits for the whole answer. Lives on the thread of its connection. */
public final class WholeAnswer {

    private final LogReader reader;
    private final UniEmitter<? super Answer> emitter;
    private boolean closed;

    private WholeAnswer(StreamLog log, UniEmitter<? super Answer> emitter) {
        this.emitter = emitter;
        this.reader = log.read(0, Wakeup.here(this::drain));
        emitter.onTermination(this::finish);
    }

    /**
     * Waits for the end of a stream. Cancelling says that the client has gone; then the log has one reader less.
     *
     * @return fails with a {@link GatewayException} where the stream fails
     */
    public static Uni<Answer> of(StreamLog log) {
        return Uni.createFrom().emitter(emitter -> new WholeAnswer(log, emitter).drain());
    }

    private void drain() {
        StreamEvent event = closed ? null : reader.poll();
        while (event != null) {
            switch (event) {
                case StreamEvent.Completed completed -> {
                    finish();
                    emitter.complete(completed.answer());
                }
                case StreamEvent.Failed failed -> {
                    finish();
                    emitter.fail(new GatewayException(failed.error()));
                }
                case StreamEvent.Status _,
                        StreamEvent.Text _,
                        StreamEvent.Reasoning _,
                        StreamEvent.ToolCallPart _,
                        StreamEvent.Reset _ -> {}
            }
            event = closed ? null : reader.poll();
        }
    }

    private void finish() {
        closed = true;
        reader.close();
    }
}
