package dev.sluice.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code tool_calls}. Arguments that came as JSON rather than as JSON text are made text. */
final class ToolPieceReader {

    private final ObjectMapper json;
    private final JsonParser parser;
    private @Nullable Integer index;
    private @Nullable String id;
    private @Nullable String name;
    private String arguments = "";

    private ToolPieceReader(ObjectMapper json, JsonParser parser) {
        this.json = json;
        this.parser = parser;
    }

    static ChatFrame.ToolPiece read(ObjectMapper json, JsonParser parser) throws IOException {
        ToolPieceReader reader = new ToolPieceReader(json, parser);
        Tokens.eachField(parser, reader::field);
        return reader.piece();
    }

    /** Reads the obsolete {@code function_call}, of which there can be only one. */
    static ChatFrame.ToolPiece readFunction(ObjectMapper json, JsonParser parser) throws IOException {
        ToolPieceReader reader = new ToolPieceReader(json, parser);
        Tokens.eachField(parser, reader::functionField);
        return reader.piece();
    }

    private ChatFrame.ToolPiece piece() {
        return new ChatFrame.ToolPiece(index, id, name, arguments);
    }

    private void field(String field) throws IOException {
        switch (field) {
            case "index" -> index = parser.currentToken().isNumeric() ? (Integer) (int) parser.getDoubleValue() : null;
            case "id" -> id = Tokens.textOrNull(parser);
            case "function", "custom" -> Tokens.eachField(parser, this::functionField);
            default -> parser.skipChildren();
        }
    }

    private void functionField(String field) throws IOException {
        switch (field) {
            case "name" -> name = Tokens.textOrNull(parser);
            case "arguments", "input" -> arguments();
            default -> parser.skipChildren();
        }
    }

    private void arguments() throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> arguments = parser.getText();
            case START_OBJECT, START_ARRAY -> {
                JsonNode tree = json.readTree(parser);
                arguments = tree.toString();
            }
            default -> {}
        }
    }
}
