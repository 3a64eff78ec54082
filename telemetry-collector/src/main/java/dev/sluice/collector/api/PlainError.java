package dev.sluice.collector.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** The one error body, sent from below the REST layer. */
public final class PlainError {

    private PlainError() {}

    /** Ends the response. To be called on its event loop. */
    public static void send(HttpServerResponse response, ErrorCode code, String message) {
        var detail = new JsonObject()
                .put("message", message)
                .put("type", code.type())
                .putNull("param")
                .put("code", code.name());
        response.setStatusCode(code.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject().put("error", detail).encode());
    }
}
