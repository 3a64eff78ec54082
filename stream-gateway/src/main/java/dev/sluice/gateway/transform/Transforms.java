package dev.sluice.gateway.transform;

import dev.sluice.stream.Chunk;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What is done to an answer, in this order. Immutable.
 *
 * @param steps the first one gets what the provider sends
 */
public record Transforms(List<Transform> steps) {

    /** Nothing is done. */
    public static final Transforms NONE = new Transforms(List.of());

    public Transforms {
        steps = List.copyOf(steps);
    }

    /** Returns both, these first. */
    public Transforms then(Transforms others) {
        return new Transforms(
                Stream.concat(steps.stream(), others.steps.stream()).toList());
    }

    /**
     * Begins the work on one stream.
     *
     * @param out gets every chunk that comes out, on the thread that puts one in
     */
    public ChunkTransform open(Consumer<Chunk> out) {
        ChunkTransform first = new Outlet(out);
        for (Transform step : steps.reversed()) {
            first = step.open(first);
        }
        return first;
    }

    private record Outlet(Consumer<Chunk> out) implements ChunkTransform {

        @Override
        public void accept(Chunk chunk) {
            out.accept(chunk);
        }

        @Override
        public void breakOff() {}
    }
}
