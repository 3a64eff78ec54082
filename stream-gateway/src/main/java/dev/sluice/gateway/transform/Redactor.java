package dev.sluice.gateway.transform;

import dev.sluice.stream.Chunk;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Redacts text, thinking and the arguments of tool calls. What comes in a row of one kind, or for one tool call, is one run, and
 * no match reaches from one run into the next: what is held is settled before another kind goes on, so that the answer keeps
 * its order. What may be the beginning of a match is then redacted where it tells too much, since readers join the runs of a
 * kind.
 */
final class Redactor implements ChunkTransform {

    private final RedactionScanner scanner;
    private final ChunkTransform next;
    private @Nullable Chunk last;

    Redactor(RedactionScanner scanner, ChunkTransform next) {
        this.scanner = scanner;
        this.next = next;
    }

    @Override
    public void accept(Chunk chunk) {
        switch (chunk) {
            case Chunk.TextDelta(String text) -> scan(chunk, text);
            case Chunk.ReasoningDelta(String text) -> scan(chunk, text);
            case Chunk.ToolCallDelta delta -> scan(delta, delta.arguments());
            case Chunk.Finished _ -> {
                endRun(scanner::finish);
                next.accept(chunk);
            }
            case Chunk.Started _, Chunk.UsageReported _ -> next.accept(chunk);
        }
    }

    @Override
    public void breakOff() {
        endRun(scanner::breakOff);
        next.breakOff();
    }

    private void scan(Chunk delta, String text) {
        Chunk before = last;
        if (before != null && !sameRun(before, delta)) {
            // More of the same may come later and be joined to it.
            endRun(scanner::breakOff);
        }
        last = delta;
        String released = scanner.more(text);
        if (released.equals(text)) {
            next.accept(delta);
        } else if (delta instanceof Chunk.ToolCallDelta first && first.id() != null) {
            next.accept(new Chunk.ToolCallDelta(first.index(), first.id(), first.name(), released));
        } else {
            passRest(delta, released);
        }
    }

    private void endRun(Supplier<String> rest) {
        Chunk of = last;
        if (of != null) {
            last = null;
            passRest(of, rest.get());
        }
    }

    private void passRest(Chunk of, String released) {
        if (released.isEmpty()) {
            return;
        }
        switch (of) {
            case Chunk.TextDelta _ -> next.accept(new Chunk.TextDelta(released));
            case Chunk.ReasoningDelta _ -> next.accept(new Chunk.ReasoningDelta(released));
            case Chunk.ToolCallDelta call -> next.accept(new Chunk.ToolCallDelta(call.index(), null, null, released));
            case Chunk.Started _, Chunk.UsageReported _, Chunk.Finished _ ->
                throw new IllegalStateException("no delta: " + of.getClass());
        }
    }

    private static boolean sameRun(Chunk before, Chunk delta) {
        if (before instanceof Chunk.ToolCallDelta one && delta instanceof Chunk.ToolCallDelta other) {
            return one.index() == other.index();
        }
        return before.getClass() == delta.getClass();
    }
}
