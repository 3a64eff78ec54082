package dev.sluice.provider.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.provider.Secret;
import dev.sluice.provider.http.HttpStreams;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Asks a server on loopback one question, over and over. */
final class OpenAiCaller implements AutoCloseable {

    static final String KEY = "sk-test-0123456789";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final OpenAiProvider provider;
    private final ChatRequest request;

    OpenAiCaller() {
        this(new MemoryShare(Long.MAX_VALUE));
    }

    OpenAiCaller(MemoryShare memory) {
        provider = new OpenAiProvider(new HttpStreams(vertx, memory));
        try {
            request = ChatRequest.of((ObjectNode) new ObjectMapper().readTree("""
                    {"messages":[{"role":"user","content":"Grüß dich"}],"temperature":0.5}"""));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    static Endpoint endpoint(URI baseUrl) {
        return new Endpoint("test", baseUrl, new Secret(KEY), Map.of("X-Team", "blue"), Duration.ofSeconds(5));
    }

    Vertx vertx() {
        return vertx;
    }

    Multi<Chunk> stream(URI baseUrl) {
        return stream(endpoint(baseUrl));
    }

    Multi<Chunk> stream(Endpoint endpoint) {
        return provider.stream(endpoint, "m-1", request);
    }

    Multi<Chunk> whole(URI baseUrl) {
        return provider.whole(endpoint(baseUrl), "m-1", request);
    }

    AssertSubscriber<Chunk> subscribe(URI baseUrl, long demand) {
        return stream(baseUrl).subscribe().withSubscriber(AssertSubscriber.create(demand));
    }

    /** Returns the chunks of a whole answer. */
    List<Chunk> ask(URI baseUrl) {
        return subscribe(baseUrl, Long.MAX_VALUE).awaitCompletion(PATIENCE).getItems();
    }

    /** Returns how the answer fails. */
    ProviderFailure fail(URI baseUrl) {
        return failure(subscribe(baseUrl, Long.MAX_VALUE));
    }

    static ProviderFailure failure(AssertSubscriber<Chunk> reader) {
        return ((ProviderException) reader.awaitFailure(PATIENCE).getFailure()).failure();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
