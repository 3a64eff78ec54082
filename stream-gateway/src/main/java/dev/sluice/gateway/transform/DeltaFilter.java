package dev.sluice.gateway.transform;

import dev.sluice.stream.Chunk;
import dev.sluice.stream.FinishReason;
import java.util.Set;

/** Leaves out deltas of some kinds. */
final class DeltaFilter implements ChunkTransform {

    private final boolean passesReasoning;
    private final boolean passesToolCalls;
    private final ChunkTransform next;

    DeltaFilter(Set<DeltaKind> dropped, ChunkTransform next) {
        this.passesReasoning = !dropped.contains(DeltaKind.REASONING);
        this.passesToolCalls = !dropped.contains(DeltaKind.TOOL_CALL);
        this.next = next;
    }

    @Override
    public void accept(Chunk chunk) {
        switch (chunk) {
            case Chunk.ReasoningDelta _ when !passesReasoning -> {}
            case Chunk.ToolCallDelta _ when !passesToolCalls -> {}
            // Nobody can answer a tool call that was left out.
            case Chunk.Finished(FinishReason reason)
            when !passesToolCalls && reason == FinishReason.TOOL_CALLS ->
                next.accept(new Chunk.Finished(FinishReason.STOP));
            case Chunk.Started _,
                    Chunk.TextDelta _,
                    Chunk.ReasoningDelta _,
                    Chunk.ToolCallDelta _,
                    Chunk.UsageReported _,
                    Chunk.Finished _ -> next.accept(chunk);
        }
    }

    @Override
    public void breakOff() {
        next.breakOff();
    }
}
