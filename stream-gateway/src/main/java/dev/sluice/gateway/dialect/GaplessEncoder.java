package dev.sluice.gateway.dialect;

import dev.sluice.gateway.generation.StreamEvent;

/**
 * An encoder of a format that cannot say that something is missing, and so must not go on as if nothing were: it ends with an
 * error instead. For one thread at a time.
 */
public abstract class GaplessEncoder implements StreamEncoder {

    private boolean brokenOff;

    @Override
    public final void encode(long offset, StreamEvent event, Utf8Buffer out) {
        if (!brokenOff) {
            brokenOff = event instanceof StreamEvent.Reset;
            append(event, out);
        }
    }

    @Override
    public final boolean endsWith(StreamEvent event) {
        return brokenOff || event.terminal() || event instanceof StreamEvent.Reset;
    }

    /** Appends whole frames, or nothing where the format does not show the event; of a reset, the error that ends it. */
    protected abstract void append(StreamEvent event, Utf8Buffer out);

    /** Makes sure that nothing comes after what was appended. */
    protected final void breakOff() {
        brokenOff = true;
    }
}
