package dev.sluice.gateway.dialect.legacy;

import dev.sluice.gateway.dialect.StreamEncoder;
import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.StreamEvent;

/**
 * One stream as bare text. The data of its events, joined, is the answer, with one restriction of server-sent events: every
 * line break arrives as a line feed.
 *
 * <p>A delta that ends amid a character, or where a line break may, goes out together with the next one and under its offset. So
 * whoever resumes after an id that it has seen misses nothing and gets nothing twice.
 */
final class TextEncoder implements StreamEncoder {

    private final StringBuilder held = new StringBuilder();
    private long heldOffset;

    @Override
    public void encode(long offset, StreamEvent event, Utf8Buffer out) {
        switch (event) {
            case StreamEvent.Text text -> {
                held.append(text.content());
                heldOffset = offset;
                if (!endsAmid(held)) {
                    flush(out);
                }
            }
            // An EventSource passes an event with a name to nobody who asked for text only, and remembers its id.
            case StreamEvent.Completed _ -> {
                release(out);
                out.raw("id: ").number(offset).raw("\nevent: complete\ndata: \n\n");
            }
            case StreamEvent.Failed failed -> {
                release(out);
                out.raw("id: ").number(offset).raw("\nevent: error\n");
                lines(failed.error().message(), out);
            }
            case StreamEvent.Reset reset -> {
                release(out);
                out.raw("event: reset\ndata: ").number(reset.firstOffset()).raw("\n\n");
            }
            case StreamEvent.Status _, StreamEvent.Reasoning _, StreamEvent.ToolCallPart _ -> {}
        }
    }

    private void release(Utf8Buffer out) {
        if (!held.isEmpty()) {
            flush(out);
        }
    }

    private void flush(Utf8Buffer out) {
        out.raw("id: ").number(heldOffset).raw("\n");
        lines(held.toString(), out);
        held.setLength(0);
    }

    private static boolean endsAmid(CharSequence text) {
        if (text.isEmpty()) {
            return false;
        }
        char last = text.charAt(text.length() - 1);
        return last == '\r' || Character.isHighSurrogate(last);
    }

    /** Appends a frame's data: one line for each line of the text, and the blank line after them. */
    private static void lines(String text, Utf8Buffer out) {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '\n' || character == '\r') {
                out.raw("data: ").raw(text.substring(from, i)).raw("\n");
                if (character == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                from = i + 1;
            }
        }
        out.raw("data: ").raw(text.substring(from)).raw("\n\n");
    }
}
