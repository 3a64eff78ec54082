package dev.sluice.provider.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.GatheredAnswer;
import dev.sluice.provider.ModelProvider;
import dev.sluice.provider.Secret;
import dev.sluice.provider.http.EventStreamDecoder;
import dev.sluice.provider.http.HttpCall;
import dev.sluice.provider.http.HttpStreams;
import dev.sluice.provider.http.PublicText;
import dev.sluice.provider.http.SseParser;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Speaks OpenAI's chat completions: {@code POST {baseUrl}/chat/completions}, streamed or whole.
 *
 * <p>The caller's fields go out as they came; {@code model}, {@code stream} and {@code stream_options.include_usage} are ours.
 * Of several choices only the first, index 0, is taken. What compatible servers do differently is accepted silently as long as
 * it has one meaning: also a whole answer where a stream was asked for, and the other way round.
 */
@ApplicationScoped
public class OpenAiProvider implements ModelProvider {

    private final HttpStreams http;
    private final ObjectMapper json = new ObjectMapper();

    /** Sends through these streams. */
    @Inject
    public OpenAiProvider(HttpStreams http) {
        this.http = http;
    }

    @Override
    public String adapter() {
        return "openai";
    }

    @Override
    public Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request) {
        return post(endpoint, "text/event-stream", () -> RequestBody.streamed(json, model, request));
    }

    @Override
    public Multi<Chunk> whole(Endpoint endpoint, String model, ChatRequest request) {
        return GatheredAnswer.of(post(endpoint, "application/json", () -> RequestBody.whole(json, model, request)));
    }

    private Multi<Chunk> post(Endpoint endpoint, String accept, Supplier<Buffer> body) {
        PublicText text = new PublicText(endpoint);
        return http.post(new HttpCall(
                endpoint,
                "/chat/completions",
                headers(accept, endpoint.apiKey()),
                body,
                memory -> new EventStreamDecoder(new ChatEvents(json, text), SseParser.DEFAULT_MAX_BYTES, memory)));
    }

    private static Map<String, String> headers(String accept, @Nullable Secret key) {
        return key == null
                ? Map.of("Accept", accept)
                : Map.of("Accept", accept, "Authorization", "Bearer " + key.value());
    }
}
