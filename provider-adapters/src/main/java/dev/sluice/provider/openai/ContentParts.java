package dev.sluice.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.stream.Chunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads content that is an array of typed parts, as Mistral's reasoning models send it. */
final class ContentParts {

    private ContentParts() {}

    static void read(JsonParser parser, List<Chunk> deltas) throws IOException {
        Tokens.eachElement(parser, () -> part(parser, deltas));
    }

    /** A part's own type may come after its text. A thought within a part makes all of the part a thought. */
    private static void part(JsonParser parser, List<Chunk> deltas) throws IOException {
        List<String> texts = new ArrayList<>(1);
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            texts.add(parser.getText());
        }
        boolean[] thinking = {false};
        Tokens.eachField(parser, field -> {
            switch (field) {
                case "type" -> thinking[0] |= "thinking".equals(Tokens.textOrNull(parser));
                case "text", "refusal" -> texts(parser, texts);
                case "thinking" -> {
                    thinking[0] = true;
                    texts(parser, texts);
                }
                default -> parser.skipChildren();
            }
        });
        for (String text : texts) {
            if (!text.isEmpty()) {
                deltas.add(thinking[0] ? new Chunk.ReasoningDelta(text) : new Chunk.TextDelta(text));
            }
        }
    }

    /** Takes a string, or what each part of an array says. */
    private static void texts(JsonParser parser, List<String> texts) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            texts.add(parser.getText());
            return;
        }
        Tokens.eachElement(
                parser,
                () -> Tokens.eachField(parser, field -> {
                    if (field.equals("text") && parser.currentToken() == JsonToken.VALUE_STRING) {
                        texts.add(parser.getText());
                    } else {
                        parser.skipChildren();
                    }
                }));
    }
}
