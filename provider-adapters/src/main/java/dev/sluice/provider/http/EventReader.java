package dev.sluice.provider.http;

import dev.sluice.stream.Chunk;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one vendor's events mean. For one stream; byte ranges are valid only during the call and not to be changed.
 *
 * <p>Failures are thrown as a {@link dev.sluice.provider.ProviderException}.
 */
public interface EventReader {

    /**
     * An event came.
     *
     * @param type the event's type, null where it is the standard {@code message}
     */
    void onEvent(@Nullable String type, byte[] data, int offset, int length, Consumer<Chunk> sink);

    /** A line came that is no part of an event and no comment. */
    void onUnknownLine(byte[] line, int offset, int length, Consumer<Chunk> sink);

    /** In place of a stream, one JSON document came, perhaps a broken one. */
    void onDocument(byte[] json, int offset, int length, Consumer<Chunk> sink);

    /** Nothing more will come. */
    void onEnd(Consumer<Chunk> sink);

    /** Returns how far the answer has come. */
    AnswerDecoder.Progress progress();
}
