package dev.sluice.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads the JSON of one event, token by token, into a frame. Whatever it does not know it skips. */
final class FrameReader {

    private final ObjectMapper json;
    private final ChatFrame frame;

    FrameReader(ObjectMapper json, ChatFrame frame) {
        this.json = json;
        this.frame = frame;
    }

    /**
     * Reads one event anew. JSON that is no object says nothing; if bytes are not UTF-8, what is invalid in them is replaced.
     *
     * @throws ProviderException {@code Malformed} if this is no JSON
     */
    void read(byte[] bytes, int offset, int length) {
        try {
            parse(bytes, offset, length);
        } catch (IOException _) {
            byte[] mended = new String(bytes, offset, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            try {
                parse(mended, 0, mended.length);
                frame.textAt = -1;
            } catch (IOException e) {
                throw new ProviderException(
                        new ProviderFailure.Malformed("The provider sent something that is not JSON."), e);
            }
        }
    }

    private void parse(byte[] bytes, int offset, int length) throws IOException {
        frame.clear();
        try (JsonParser parser = json.createParser(bytes, offset, length)) {
            object(parser);
        }
    }

    private void object(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            parser.nextToken();
            switch (field) {
                case "id" -> frame.id = Tokens.textOrNull(parser);
                case "model" -> frame.model = Tokens.textOrNull(parser);
                case "choices" -> choices(parser);
                case "usage" -> usage(parser);
                case "x_groq" -> groq(parser);
                case "error" -> error(parser);
                case "type", "object" -> kind(parser);
                default -> parser.skipChildren();
            }
        }
    }

    /** {@code "error": null} and {@code ""} on a healthy chunk are no error. */
    private void error(JsonParser parser) throws IOException {
        frame.isError |= parser.currentToken() == JsonToken.START_OBJECT
                || (parser.currentToken() == JsonToken.VALUE_STRING && parser.getTextLength() > 0);
        parser.skipChildren();
    }

    private void kind(JsonParser parser) throws IOException {
        frame.isError |= "error".equals(Tokens.textOrNull(parser));
    }

    private void usage(JsonParser parser) throws IOException {
        frame.usage = UsageReader.read(parser, frame.usage);
    }

    private void groq(JsonParser parser) throws IOException {
        Tokens.eachField(parser, field -> {
            if (field.equals("usage")) {
                usage(parser);
            } else {
                parser.skipChildren();
            }
        });
    }

    private void choices(JsonParser parser) throws IOException {
        int[] position = {0};
        Tokens.eachElement(parser, () -> choice(parser, position[0]++));
    }

    /** The index may come after the delta, so a choice is read first and dropped if it is not ours. */
    private void choice(JsonParser parser, int position) throws IOException {
        frame.hasChoices = true;
        int deltasBefore = frame.deltas.size();
        int piecesBefore = frame.toolPieces.size();
        String finishBefore = frame.finish;
        int[] index = {position};
        Tokens.eachField(parser, field -> {
            switch (field) {
                case "index" -> index[0] = parser.getValueAsInt(position);
                case "delta", "message" -> delta(parser);
                case "finish_reason" -> finish(parser);
                case "usage" -> usage(parser);
                default -> parser.skipChildren();
            }
        });
        if (index[0] != 0) {
            frame.deltas.subList(deltasBefore, frame.deltas.size()).clear();
            frame.toolPieces.subList(piecesBefore, frame.toolPieces.size()).clear();
            frame.finish = finishBefore;
            frame.textAt = -1;
        }
    }

    private void finish(JsonParser parser) throws IOException {
        String reason = Tokens.textOrNull(parser);
        frame.finish = reason == null ? frame.finish : reason;
    }

    private void delta(JsonParser parser) throws IOException {
        boolean[] reasoned = {false};
        Tokens.eachField(parser, field -> {
            switch (field) {
                case "content" -> content(parser);
                case "refusal" -> text(parser);
                case "reasoning_content", "reasoning" -> {
                    String thought = Tokens.textOrNull(parser);
                    if (!reasoned[0] && thought != null && !thought.isEmpty()) {
                        reasoned[0] = true;
                        add(new Chunk.ReasoningDelta(thought), parser);
                    }
                }
                case "tool_calls" ->
                    Tokens.eachElement(parser, () -> frame.toolPieces.add(ToolPieceReader.read(json, parser)));
                case "function_call" -> {
                    if (parser.currentToken() == JsonToken.START_OBJECT) {
                        frame.toolPieces.add(ToolPieceReader.readFunction(json, parser));
                    }
                }
                default -> parser.skipChildren();
            }
        });
    }

    private void content(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            ContentParts.read(parser, frame.deltas);
        } else {
            text(parser);
        }
    }

    private void text(JsonParser parser) throws IOException {
        String text = Tokens.textOrNull(parser);
        if (text != null && !text.isEmpty()) {
            add(new Chunk.TextDelta(text), parser);
        }
    }

    private void add(Chunk delta, JsonParser parser) {
        frame.deltas.add(delta);
        frame.textAt = (int) parser.currentTokenLocation().getByteOffset() + 1;
    }
}
