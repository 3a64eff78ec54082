package dev.sluice.provider;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every way in which an upstream call can fail. Messages are fit for a caller: they carry no key, no address and no piece of
 * a prompt or an answer.
 */
public sealed interface ProviderFailure {

    /** Returns one sentence for people. */
    String message();

    /** The connection could not be made, or broke: refused, reset, name not found, TLS, closed before the answer's head. */
    record Network(Phase phase, String message) implements ProviderFailure {}

    /**
     * The provider asks us to slow down (429).
     *
     * @param askedWait how long it asks us to stay away, null where it does not say
     */
    record RateLimited(@Nullable Duration askedWait, String message) implements ProviderFailure {}

    /** Our account with the provider is exhausted; waiting does not help. */
    record QuotaExhausted(String message) implements ProviderFailure {}

    /**
     * The provider is at fault: 5xx, overloaded, or an error reported inside the stream.
     *
     * @param status the HTTP status, 200 for an error inside a stream
     * @param askedWait how long it asks us to stay away, null where it does not say
     */
    record Server(int status, @Nullable Duration askedWait, String message) implements ProviderFailure {}

    /** The answer is not what the protocol promises, or it ended before its end. */
    record Malformed(String message) implements ProviderFailure {}

    /**
     * The provider refuses this request (4xx): asking again cannot help.
     *
     * @param status the HTTP status
     * @param code the provider's own code, or {@link #CONTEXT_TOO_LONG} or {@link #MODEL_UNKNOWN} where it means that; null where
     *     it gives none
     * @param param the field that it names, null where it names none
     */
    record Rejected(
            int status, @Nullable String code, @Nullable String param, String message) implements ProviderFailure {

        /** The code of a request that is longer than the model can hold, whatever the provider calls it. */
        public static final String CONTEXT_TOO_LONG = "context_length_exceeded";

        /** The code of a model that the provider does not have, whatever the provider calls it. */
        public static final String MODEL_UNKNOWN = "model_not_found";

        private boolean aboutTheModel() {
            return CONTEXT_TOO_LONG.equals(code) || MODEL_UNKNOWN.equals(code);
        }
    }

    /** The provider does not accept our credentials (401, 403): for an operator to mend, not for the caller. */
    record Unauthorized(int status, String message) implements ProviderFailure {}

    /**
     * A clock ran out.
     *
     * @param phase what was waited for
     * @param limit how long was allowed
     */
    record TimedOut(Phase phase, Duration limit, String message) implements ProviderFailure {}

    /** The gateway has no memory left for what the provider sends, which is nobody's fault. */
    record ShortOfMemory(String message) implements ProviderFailure {}

    /** Whether the same request may succeed a little later. */
    default boolean retryable() {
        return switch (this) {
            case Network _, RateLimited _, Server _, TimedOut _, ShortOfMemory _ -> true;
            case QuotaExhausted _, Malformed _, Rejected _, Unauthorized _ -> false;
        };
    }

    /**
     * Whether another provider, or another model, may accept the same request. Nobody accepts one that is malformed (400, 422);
     * one that is too long, or for a model that is not there, somebody may.
     */
    default boolean transferable() {
        return switch (this) {
            case Rejected rejected ->
                rejected.aboutTheModel() || (rejected.status() != 400 && rejected.status() != 422);
            case Network _,
                    RateLimited _,
                    QuotaExhausted _,
                    Server _,
                    Malformed _,
                    Unauthorized _,
                    TimedOut _,
                    ShortOfMemory _ -> true;
        };
    }

    /** How long the provider asks us to wait before the next attempt. */
    default Optional<Duration> retryAfter() {
        return switch (this) {
            case RateLimited limited -> Optional.ofNullable(limited.askedWait());
            case Server server -> Optional.ofNullable(server.askedWait());
            case Network _, QuotaExhausted _, Malformed _, Rejected _, Unauthorized _, TimedOut _, ShortOfMemory _ ->
                Optional.empty();
        };
    }
}
