package dev.sluice.provider;

import org.jspecify.annotations.Nullable;

/**
 * An upstream call failed. Carries no stack trace: the failure itself says what happened, and failures come in storms.
 */
public final class ProviderException extends RuntimeException {

    private final transient ProviderFailure failure;

    public ProviderException(ProviderFailure failure) {
        this(failure, null);
    }

    /** Keeps what was thrown below, for an operator's log; it is not for callers. */
    public ProviderException(ProviderFailure failure, @Nullable Throwable cause) {
        super(failure.message(), cause, false, false);
        this.failure = failure;
    }

    /** Returns what went wrong. */
    public ProviderFailure failure() {
        return failure;
    }
}
