package dev.sluice.provider.simulator;

import dev.sluice.provider.Beginning;
import dev.sluice.provider.ChatRequest;
import dev.sluice.provider.Endpoint;
import dev.sluice.provider.GatheredAnswer;
import dev.sluice.provider.ModelProvider;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Plays the script under {@code sluice.simulate} of a request; without one, a short demonstration.
 *
 * <p>The same request always gives the same chunks. Nothing of the prompt comes back but the number of its words, which is
 * what the simulator calls tokens. All fields of the script are optional:
 *
 * <ul>
 *   <li>{@code chunks}: how many text chunks, 0 to 100 000; without it, the demonstration in full
 *   <li>{@code first_ms}: before the first chunk, 0 to 600 000, otherwise 150
 *   <li>{@code interval_ms}: between chunks, 0 to 60 000, otherwise 20; 0 = as fast as requested
 *   <li>{@code reasoning}: how many reasoning chunks come before the text, 0 to 100 000, otherwise none
 *   <li>{@code tool_call}: whether one tool call, in pieces, comes after the text
 *   <li>{@code status}: fail like this HTTP status, 400 to 599, before anything was sent
 *   <li>{@code fail_first}: only the first n attempts of the request fail; without {@code status}, with 503
 *   <li>{@code retry_after}: seconds for which such a failure asks, 0 to 86 400, with a 429 or a server's status
 *   <li>{@code die_after}: the connection breaks after n text chunks
 *   <li>{@code stall_after}: silence after n text chunks
 *   <li>{@code streams}: {@code false} for a model that refuses to stream, as OpenAI's refuse it
 * </ul>
 *
 * <p>A whole answer takes as long as its stream would. The last three of these do not befall it, the others do.
 *
 * <p>Any other value, and any other field, is {@link ProviderFailure.Rejected} with status 400 and the code
 * {@code invalid_value}. Attempts of one request share one {@link ChatRequest#extension} instance, and {@code fail_first} counts
 * per instance: requests that merely look the same do not disturb each other.
 *
 * <p>Where the last message is the assistant's and the beginning of what the simulator would say, it goes on after it;
 * {@code die_after} and {@code stall_after} then count from there.
 */
@ApplicationScoped
public class SimulatorProvider implements ModelProvider {

    private final Vertx vertx;
    private final AttemptCounter attempts = new AttemptCounter();

    /** Uses the timers of this Vert.x. */
    @Inject
    public SimulatorProvider(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public String adapter() {
        return "simulator";
    }

    @Override
    public void check(String model, ChatRequest request) {
        script(request);
    }

    /** Goes on after its own words, as some models do. */
    @Override
    public ChatRequest continued(ChatRequest request, Beginning beginning) {
        return beginning.asPrefill(request);
    }

    @Override
    public Multi<Chunk> stream(Endpoint endpoint, String model, ChatRequest request) {
        return Multi.createFrom().deferred(() -> {
            Script script = script(request);
            return script.streams()
                    ? play(script, model, request)
                    : Multi.createFrom().failure(doesNotStream());
        });
    }

    @Override
    public Multi<Chunk> whole(Endpoint endpoint, String model, ChatRequest request) {
        return GatheredAnswer.of(
                Multi.createFrom().deferred(() -> play(script(request).whole(), model, request)));
    }

    private Multi<Chunk> play(Script script, String model, ChatRequest request) {
        ProviderFailure refusal = script.refusal();
        if (refusal != null && (script.failFirst() == 0 || attempts.next(request.extension()) <= script.failFirst())) {
            return Multi.createFrom().failure(new ProviderException(refusal));
        }
        return new SimulatedStream(vertx, new SimulatedAnswer(script, model, request));
    }

    private static ProviderException doesNotStream() {
        return new ProviderException(new ProviderFailure.Rejected(
                400, "unsupported_value", "stream", "The simulated model does not stream."));
    }

    private static Script script(ChatRequest request) {
        return new ScriptReader(request.extension().path("simulate")).read();
    }
}
