package dev.sluice.provider.simulator;

import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;

/** What a simulated answer does next. */
sealed interface Step {

    /** Hands out a chunk. */
    record Emit(Chunk chunk) implements Step {}

    /** Ends the answer with a failure. */
    record Fail(ProviderFailure failure) implements Step {}

    /** Says nothing, ever again. */
    record Silence() implements Step {}

    /** Ends the answer, all of which was handed out. */
    record End() implements Step {}
}
