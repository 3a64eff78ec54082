package dev.sluice.gateway.generation;

import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One failure as a caller may see it.
 *
 * @param code what kind
 * @param status the HTTP status before the first byte
 * @param message one sentence for people, without keys, addresses and content
 * @param param the request's field at fault, null where none is
 * @param upstreamCode the provider's own code, null where it gave none
 * @param retryAfter how long to stay away before trying again, null where unknown
 * @param phase how far the upstream call had come, null where none was made
 * @param lastCause the code of the last attempt, where all attempts are spent; otherwise null
 */
public record GatewayError(
        ErrorCode code,
        int status,
        String message,
        @Nullable String param,
        @Nullable String upstreamCode,
        @Nullable Duration retryAfter,
        @Nullable Phase phase,
        @Nullable ErrorCode lastCause) {

    /** An error of which only the kind and the message are known. */
    public static GatewayError of(ErrorCode code, String message) {
        return new GatewayError(code, code.status(), message, null, null, null, null, null);
    }

    /** A request that cannot be accepted because of one of its fields. */
    public static GatewayError invalid(@Nullable String param, String message) {
        return of(ErrorCode.INVALID_REQUEST, message).withParam(param);
    }

    /**
     * The second border of an error: what a provider's failure means to a caller.
     *
     * @param failure what the adapter reported
     * @param reached how far the call had come, for failures that do not say so themselves
     */
    public static GatewayError of(ProviderFailure failure, Phase reached) {
        return switch (failure) {
            case ProviderFailure.Network network -> upstream(ErrorCode.NETWORK, failure, network.phase());
            case ProviderFailure.RateLimited _ -> upstream(ErrorCode.RATE_LIMIT, failure, reached);
            case ProviderFailure.QuotaExhausted _ -> upstream(ErrorCode.PROVIDER_REJECTED, failure, reached);
            case ProviderFailure.Server server -> upstream(ErrorCode.SERVER, failure, reached(server, reached));
            case ProviderFailure.Malformed _ -> upstream(ErrorCode.PARSE, failure, pastTheHead(reached));
            case ProviderFailure.Unauthorized _ -> upstream(ErrorCode.PROVIDER_REJECTED, failure, reached);
            case ProviderFailure.TimedOut timedOut -> upstream(ErrorCode.TIMEOUT, failure, timedOut.phase());
            case ProviderFailure.ShortOfMemory _ -> upstream(ErrorCode.OVERLOADED, failure, pastTheHead(reached));
            case ProviderFailure.Rejected rejected ->
                upstream(ErrorCode.PROVIDER_REJECTED, failure, reached).refusedWith(rejected);
        };
    }

    /** Every attempt is spent; {@code this} is what the last one met. */
    public GatewayError asRetriesExceeded(int attempts) {
        return new GatewayError(
                ErrorCode.MAX_RETRIES_EXCEEDED,
                status,
                "All " + attempts + " attempts failed. The last one: " + message,
                param,
                upstreamCode,
                retryAfter,
                phase,
                code);
    }

    /** The same, with the request's field at fault. */
    public GatewayError withParam(@Nullable String field) {
        return new GatewayError(code, status, message, field, upstreamCode, retryAfter, phase, lastCause);
    }

    /** The same, with the provider's own code. */
    public GatewayError withUpstreamCode(@Nullable String given) {
        return new GatewayError(code, status, message, param, given, retryAfter, phase, lastCause);
    }

    /** The same, with a further sentence. */
    public GatewayError explained(String sentence) {
        return new GatewayError(
                code, status, message + " " + sentence, param, upstreamCode, retryAfter, phase, lastCause);
    }

    /** The same, with a time to stay away. */
    public GatewayError withRetryAfter(@Nullable Duration wait) {
        return new GatewayError(code, status, message, param, upstreamCode, wait, phase, lastCause);
    }

    /** The same, with how far the upstream call had come. */
    public GatewayError withPhase(Phase reached) {
        return new GatewayError(code, status, message, param, upstreamCode, retryAfter, reached, lastCause);
    }

    /** Whether sending the same again a little later may help. */
    public boolean retryable() {
        return code.retryable();
    }

    private static GatewayError upstream(ErrorCode code, ProviderFailure failure, Phase phase) {
        return of(code, failure.message())
                .withRetryAfter(failure.retryAfter().orElse(null))
                .withPhase(phase);
    }

    /** A status of 200 means that the error was inside the answer. */
    private static Phase reached(ProviderFailure.Server failure, Phase reached) {
        return failure.status() == 200 ? pastTheHead(reached) : reached;
    }

    private static Phase pastTheHead(Phase reached) {
        return reached == Phase.MID_STREAM ? reached : Phase.FIRST_CHUNK;
    }

    private GatewayError refusedWith(ProviderFailure.Rejected refusal) {
        int told = aboutTheRequest(refusal.status()) ? ErrorCode.INVALID_REQUEST.status() : status;
        return new GatewayError(code, told, message, refusal.param(), refusal.code(), retryAfter, phase, lastCause);
    }

    /** 400, 404, 409, 413 and 422 speak of what was asked; other refusals are between the provider and us. */
    private static boolean aboutTheRequest(int status) {
        return status == 400 || status == 404 || status == 409 || status == 413 || status == 422;
    }
}
