package dev.sluice.provider;

import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;

/** Speaks one wire protocol. Implementations are thread-safe and keep nothing between calls. */
public interface ModelProvider {

    /** Returns the name by which configuration chooses this adapter, for example {@code openai}. */
    String adapter();

    /**
     * Looks whether a request can be sent at all, before anything is promised to the caller. Cheap, and sends nothing.
     *
     * @throws ProviderException {@link ProviderFailure.Rejected} where the protocol could never carry it
     */
    default void check(String model, ChatRequest request) {}

    /**
     * Returns what to ask for the rest of an answer that broke off. The request stays as it is.
     *
     * <p>Unless the protocol lets a model go on after its own words, the model is asked to in words.
     *
     * @param beginning what came of the answer
     */
    default ChatRequest continued(ChatRequest request, Beginning beginning) {
        return beginning.asTurn(request);
    }

    /**
     * Asks a model and streams its answer.
     *
     * <p>Nothing is sent before subscription, and each subscription is one upstream call. Chunks arrive in the order that
     * {@link Chunk} promises, on the Vert.x context of the subscriber where there is one, and only as far as they were
     * requested: unmet demand stops the reading from the upstream socket. Cancelling closes the upstream call at once. Every
     * failure is a {@link ProviderException}. Clocks are the caller's business; only the connect timeout is the adapter's.
     *
     * @param endpoint where to send the request
     * @param model the provider's own name of the model
     * @param request what to ask
     */
    Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request);

    /**
     * Asks a model for its whole answer at once, for a model that does not stream, or where its streams break.
     *
     * <p>What {@link #stream} promises holds here, too. All chunks come together when the answer is complete, every kind of
     * delta joined, as {@link GatheredAnswer} says. A protocol that only streams need not implement it: its stream is gathered.
     *
     * @param endpoint where to send the request
     * @param model the provider's own name of the model
     * @param request what to ask
     */
    default Multi<Chunk> whole(Endpoint endpoint, String model, ChatRequest request) {
        return GatheredAnswer.of(stream(endpoint, model, request));
    }
}
