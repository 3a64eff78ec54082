package dev.sluice.collector.storage;

/** The store cannot be reached or does not answer in time. What was to be written must be sent again later. */
public final class StoreUnavailableException extends RuntimeException {

    public StoreUnavailableException(Throwable cause) {
        super("the event store is unavailable", cause);
    }
}
