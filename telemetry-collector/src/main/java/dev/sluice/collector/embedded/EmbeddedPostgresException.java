package dev.sluice.collector.embedded;

/** The embedded PostgreSQL cannot serve. The message is one sentence for the operator and names no secret. */
public final class EmbeddedPostgresException extends RuntimeException {

    EmbeddedPostgresException(String sentence) {
        super(sentence);
    }

    EmbeddedPostgresException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
