package dev.sluice.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import dev.sluice.stream.TokenUsage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a {@code usage} object. */
final class UsageReader {

    /** No model reads or writes so many tokens in one answer. */
    private static final double MOST = 100_000_000;

    private final JsonParser parser;
    private long input;
    private long output;
    private long total;
    private @Nullable Long cached;
    private @Nullable Long reasoning;
    private boolean counted;

    private UsageReader(JsonParser parser) {
        this.parser = parser;
    }

    /** Returns the usage on which the parser stands, or what is known so far where there is none. */
    static @Nullable TokenUsage read(JsonParser parser, @Nullable TokenUsage known) throws IOException {
        UsageReader reader = new UsageReader(parser);
        Tokens.eachField(parser, reader::field);
        return reader.counted ? reader.usage() : known;
    }

    /** xAI leaves the reasoning out of the output, which shows in the total. */
    private TokenUsage usage() {
        long thought = reasoning == null ? 0 : reasoning;
        boolean reasoningApart = thought > 0 && input + output + thought == total;
        return new TokenUsage(input, reasoningApart ? output + thought : output, cached, reasoning);
    }

    private void field(String field) throws IOException {
        switch (field) {
            case "prompt_tokens" -> input = count(input);
            case "completion_tokens" -> output = count(output);
            case "total_tokens" -> total = count(total);
            case "prompt_cache_hit_tokens" -> cached = cached == null ? detail() : cached;
            case "prompt_tokens_details" -> Tokens.eachField(parser, this::inputField);
            case "completion_tokens_details" -> Tokens.eachField(parser, this::outputField);
            default -> parser.skipChildren();
        }
    }

    private void inputField(String field) throws IOException {
        if (field.equals("cached_tokens")) {
            cached = detail();
        } else {
            parser.skipChildren();
        }
    }

    private void outputField(String field) throws IOException {
        if (field.equals("reasoning_tokens")) {
            reasoning = detail();
        } else {
            parser.skipChildren();
        }
    }

    private long count(long otherwise) throws IOException {
        Long value = detail();
        counted |= value != null;
        return value == null ? otherwise : value;
    }

    /** Returns null for what is no count: more than anybody can use up would be charged to the caller for years. */
    private @Nullable Long detail() throws IOException {
        if (parser.currentToken().isNumeric()) {
            // As a double, since a whole number that no long can hold would be an error of the whole answer.
            double value = parser.getDoubleValue();
            return value <= MOST ? Math.max(0, (long) value) : null;
        }
        parser.skipChildren();
        return null;
    }
}
