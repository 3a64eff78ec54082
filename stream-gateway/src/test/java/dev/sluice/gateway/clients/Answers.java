package dev.sluice.gateway.clients;

import dev.sluice.gateway.api.UpstreamCall;
import io.restassured.RestAssured;

/** What these tests share: where the gateway is, and a provider's answer with a tool call. */
final class Answers {

    private Answers() {}

    /** Returns the base URL of the gateway that runs. */
    static String baseUrl() {
        return "http://127.0.0.1:" + RestAssured.port + "/v1";
    }

    /** Answers with one call of {@code weather}, told in pieces. */
    static void toolCall(UpstreamCall call) {
        call.begin();
        call.data(UpstreamCall.frame(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]}",
                null));
        call.data(UpstreamCall.frame(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]}", null));
        call.data(UpstreamCall.frame(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Rome\\\"}\"}}]}", null));
        call.data(UpstreamCall.frame("{}", "tool_calls") + "data: [DONE]\n\n").end();
    }
}
