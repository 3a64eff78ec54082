package dev.sluice.gateway.api;

/** The forms in which a stream can be read over HTTP, in the order in which the gateway prefers them. */
enum AnswerForm {
    EVENT_STREAM("text/event-stream"),
    LINES("application/x-ndjson"),
    /** One JSON object: what there is, or what comes next. */
    JSON("application/json");

    private final String mediaType;

    AnswerForm(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }
}
