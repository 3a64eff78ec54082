package dev.sluice.gateway.generation;

import dev.sluice.provider.ProviderException;
import org.jspecify.annotations.Nullable;

/** Carries a {@link GatewayError} to where it is answered. Has no stack trace: the error says all there is to say. */
public final class GatewayException extends RuntimeException {

    private final transient GatewayError error;

    public GatewayException(GatewayError error) {
        this(error, null);
    }

    /**
     * @param cause what the provider said, null where none was asked
     */
    public GatewayException(GatewayError error, @Nullable ProviderException cause) {
        super(error.message(), cause, false, false);
        this.error = error;
    }

    /** A request that cannot be accepted because of one of its fields. */
    public static GatewayException invalid(@Nullable String param, String message) {
        return new GatewayException(GatewayError.invalid(param, message));
    }

    /** An error of which only the kind and the message are known. */
    public static GatewayException of(ErrorCode code, String message) {
        return new GatewayException(GatewayError.of(code, message));
    }

    /** Returns what to answer. */
    public GatewayError error() {
        return error;
    }
}
