package dev.sluice.provider.http;

import dev.sluice.stream.Chunk;
import java.util.function.Consumer;

/**
 * Turns the bytes of one successful HTTP answer into chunks. For one stream; called on one thread at a time.
 *
 * <p>Chunks are handed to the sink in the order that {@link Chunk} promises. A failure is thrown as a
 * {@link dev.sluice.provider.ProviderException}, after which the decoder is not called again.
 */
public interface AnswerDecoder {

    /** How much of the answer there is. */
    enum Progress {
        /** More must come. */
        OPEN,
        /** The model has stopped; figures may still follow, but nobody need wait long for them. */
        FINISHING,
        /** The last chunk was handed out; whatever else comes is of no interest. */
        COMPLETE
    }

    /** Takes the next buffer, which is valid only during the call. */
    void feed(byte[] buffer, int offset, int length, Consumer<Chunk> sink);

    /**
     * Takes note that nothing more will come, and hands out what is left.
     *
     * <p>Fails if the answer is not whole.
     */
    void end(Consumer<Chunk> sink);

    /** Returns how far the answer has come. */
    Progress progress();

    /** Gives back the memory of what was not handed out; nothing is fed afterwards. A second call does nothing. */
    void close();
}
