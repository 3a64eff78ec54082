package dev.sluice.provider.openai;

import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the tool calls of one answer 0, 1, 2 … in order of appearance, however the provider numbers them.
 *
 * <p>A part belongs to the call with its index; without an index, to the call with its id; without either, to the call opened
 * last, unless it names a function, which opens another.
 */
final class ToolCalls {

    /** More than any model asks for at once; OpenAI's own client takes 128. */
    private static final int MAX_CALLS = 1_024;

    private final List<Call> calls = new ArrayList<>(0);

    private record Call(@Nullable Integer theirIndex, String id) {}

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /**
     * Returns the delta that this part stands for, null where it adds nothing to an open call.
     *
     * @throws ProviderException {@link ProviderFailure.Malformed} where there are too many calls to be meant
     */
    Chunk.@Nullable ToolCallDelta next(ChatFrame.ToolPiece piece) {
        int open = find(piece);
        if (open >= 0) {
            return piece.arguments().isEmpty() ? null : new Chunk.ToolCallDelta(open, null, null, piece.arguments());
        }
        int index = calls.size();
        if (index == MAX_CALLS) {
            throw new ProviderException(
                    new ProviderFailure.Malformed("The provider's answer has more than " + MAX_CALLS + " tool calls."));
        }
        String id = piece.id() == null || piece.id().isEmpty() ? "call_" + index : piece.id();
        calls.add(new Call(piece.index(), id));
        return new Chunk.ToolCallDelta(index, id, piece.name() == null ? "" : piece.name(), piece.arguments());
    }

    private int find(ChatFrame.ToolPiece piece) {
        boolean hasId = piece.id() != null && !piece.id().isEmpty();
        boolean hasName = piece.name() != null && !piece.name().isEmpty();
        if (piece.index() != null) {
            return lastWithIndex(piece.index(), hasId && hasName ? piece.id() : null);
        }
        if (hasId) {
            return withId(piece.id());
        }
        return hasName ? -1 : calls.size() - 1;
    }

    /** Some servers give every whole call the same index; another id together with a name tells that it is another call. */
    private int lastWithIndex(Integer theirIndex, @Nullable String id) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (theirIndex.equals(calls.get(i).theirIndex())) {
                return id == null || id.equals(calls.get(i).id()) ? i : -1;
            }
        }
        return -1;
    }

    private int withId(@Nullable String id) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }
}
