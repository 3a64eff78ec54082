package dev.sluice.provider.simulator;

import dev.sluice.stream.Chunk;
import java.util.List;

/**
 * The words that the simulator says. A word carries the blank before it, so that words joined are the text.
 *
 * @param parts the words in order, none of them empty
 */
record Demonstration(List<String> parts) {

    /** What comes as reasoning. */
    static final Demonstration REASONING =
            of("The caller wants to see a stream at work," + " so a few calm sentences about the gateway will do.");

    /** One call of a function, cut where a model might cut it. */
    static final List<Chunk.ToolCallDelta> TOOL_CALL = List.of(
            new Chunk.ToolCallDelta(0, "call_simulated_0", "get_weather", ""),
            new Chunk.ToolCallDelta(0, null, null, "{\"city\":"),
            new Chunk.ToolCallDelta(0, null, null, "\"Tur"),
            new Chunk.ToolCallDelta(0, null, null, "in\"}"));

    private static final List<Demonstration> TEXTS = List.of(
            of("Sluice is a streaming gateway for language models. Applications talk to one address,"
                    + " and it carries the answer from whichever provider is well today."
                    + " These words come from its simulator, one by one, so no key was needed."),
            of("Think of a lock on a canal: water of any height on one side, an even stream on the other."
                    + " Sluice does that for answers. It retries before the first word,"
                    + " and never says a word twice after it."),
            of("You may close this window and come back. The gateway keeps what was said for a while,"
                    + " numbers every piece, and continues exactly where you stopped reading,"
                    + " on any device, for as many readers as you like."));

    /** Returns the text for a conversation of so many messages: always the same for the same number. */
    static Demonstration of(int messages) {
        return TEXTS.get(Math.floorMod(messages - 1, TEXTS.size()));
    }

    private static Demonstration of(String text) {
        return new Demonstration(List.of(text.split("(?= )")));
    }

    /** Returns how many words, counted as {@link #word} does, a text is that is made of the first ones; otherwise 0. */
    int wordsOf(String text) {
        int at = 0;
        int count = 0;
        while (at < text.length() && text.startsWith(word(count), at)) {
            at += word(count++).length();
        }
        return at == text.length() ? count : 0;
    }

    /** Returns how many words there are. */
    int words() {
        return parts.size();
    }

    /** Returns the word at any index; after the last word comes the first again. */
    String word(int index) {
        String word = parts.get(index % parts.size());
        return index > 0 && !word.startsWith(" ") ? " " + word : word;
    }
}
