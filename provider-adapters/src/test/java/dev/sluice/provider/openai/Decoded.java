package dev.sluice.provider.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.http.EventStreamDecoder;
import dev.sluice.provider.http.PublicText;
import dev.sluice.provider.http.SseParser;
import dev.sluice.stream.Chunk;
import dev.sluice.stream.TokenUsage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A decoder at work, and what it has said so far. Events are written with single quotes for double ones. */
final class Decoded {

    private static final Endpoint ENDPOINT =
            new Endpoint("test", URI.create("http://llm.internal/v1"), null, Map.of(), Duration.ofSeconds(1));

    private final EventStreamDecoder decoder = new EventStreamDecoder(
            new ChatEvents(new ObjectMapper(), new PublicText(ENDPOINT)),
            SseParser.DEFAULT_MAX_BYTES,
            new MemoryShare(Long.MAX_VALUE));
    private final List<Chunk> chunks = new ArrayList<>();

    static Decoded whole(byte[] input) {
        Decoded decoded = new Decoded();
        decoded.feed(input);
        return decoded.end();
    }

    static Decoded byteByByte(byte[] input) {
        Decoded decoded = new Decoded();
        for (byte b : input) {
            decoded.feed(new byte[] {b});
        }
        return decoded.end();
    }

    static byte[] events(String... data) {
        StringBuilder text = new StringBuilder();
        for (String event : data) {
            text.append("data: ").append(json(event)).append("\n\n");
        }
        return utf8(text.toString());
    }

    static String json(String text) {
        return text.replace('\'', '"');
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void feed(byte[] buffer) {
        byte[] own = buffer.clone();
        decoder.feed(own, 0, own.length, chunks::add);
        Arrays.fill(own, (byte) '#');
    }

    Decoded end() {
        decoder.end(chunks::add);
        return this;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    /** Returns the chunks in short: text as it is, everything else with a letter before it. */
    List<String> said() {
        return chunks.stream().map(Decoded::inShort).toList();
    }

    private static String inShort(Chunk chunk) {
        return switch (chunk) {
            case Chunk.Started(var id, var model) ->
                id == null && model == null ? "S" : "S:" + orDash(id) + "/" + orDash(model);
            case Chunk.TextDelta(var text) -> text;
            case Chunk.ReasoningDelta(var text) -> "R:" + text;
            case Chunk.ToolCallDelta(var index, var id, var name, var arguments) ->
                "T:" + index + ":" + orDash(id) + ":" + orDash(name) + ":" + arguments;
            case Chunk.UsageReported(var usage) -> "U:" + inShort(usage);
            case Chunk.Finished(var reason) -> "F:" + reason;
        };
    }

    private static String inShort(TokenUsage usage) {
        String totals = usage.inputTokens() + "/" + usage.outputTokens();
        boolean detailed = usage.cachedTokens() != null || usage.reasoningTokens() != null;
        return detailed ? totals + "/" + orDash(usage.cachedTokens()) + "/" + orDash(usage.reasoningTokens()) : totals;
    }

    private static String orDash(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }
}
