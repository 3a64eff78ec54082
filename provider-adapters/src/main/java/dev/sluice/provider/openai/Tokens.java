package dev.sluice.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Walks through JSON with a parser that stands on a value, and leaves it on that value's last token. */
final class Tokens {

    private Tokens() {}

    /** Takes one value, on which the parser stands, and leaves the parser on its last token. */
    interface ValueReader {
        void read() throws IOException;
    }

    /** Takes one field's value, on which the parser stands, and leaves the parser on its last token. */
    interface FieldReader {
        void read(String field) throws IOException;
    }

    /** Returns a string as it is, null for anything else, which is skipped. */
    static @Nullable String textOrNull(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /** Visits the fields of an object; anything else has none. */
    static void eachField(JsonParser parser, FieldReader reader) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            parser.nextToken();
            reader.read(field);
        }
    }

    /** Visits the elements of an array; anything else has none. */
    static void eachElement(JsonParser parser, ValueReader reader) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            reader.read();
        }
    }
}
