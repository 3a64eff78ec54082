package dev.sluice.gateway.resilience;

import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayList;
import java.util.List;

/** An upstream that does what the test says, and knows how often it was called. */
final class ScriptedUpstream {

    private final List<MultiEmitter<? super Chunk>> calls = new ArrayList<>();
    private int cancelled;

    /** Returns the call to guard; each subscription to it counts. */
    Multi<Chunk> call() {
        return Multi.createFrom().<Chunk>emitter(calls::add).onCancellation().invoke(() -> cancelled++);
    }

    int calls() {
        return calls.size();
    }

    int cancelled() {
        return cancelled;
    }

    void start() {
        calls.getLast().emit(new Chunk.Started("id", "model"));
    }

    void text(String text) {
        give(new Chunk.TextDelta(text));
    }

    void give(Chunk chunk) {
        calls.getLast().emit(chunk);
    }

    void finish() {
        calls.getLast().emit(new Chunk.Finished(FinishReason.STOP));
        calls.getLast().complete();
    }

    void fail(ProviderFailure failure) {
        calls.getLast().fail(new ProviderException(failure));
    }

    void breakDown(Throwable fault) {
        calls.getLast().fail(fault);
    }
}
