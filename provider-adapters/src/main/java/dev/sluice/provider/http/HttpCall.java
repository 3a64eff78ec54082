package dev.sluice.provider.http;

import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.Endpoint;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One POST with a JSON body.
 *
 * @param endpoint where to send it; its headers go over {@code headers}
 * @param path appended to the endpoint's base URL, beginning with a slash
 * @param headers what the protocol demands beside the content type, what it accepts included
 * @param body makes the body when it is about to be sent
 * @param decoder makes the decoder of one answer, given the memory that the answers of all calls share
 */
public record HttpCall(
        Endpoint endpoint,
        String path,
        Map<String, String> headers,
        Supplier<Buffer> body,
        Function<MemoryShare, AnswerDecoder> decoder) {

    /** Leaves out the headers, which may hold credentials. */
    @Override
    public String toString() {
        return "HttpCall[POST " + path + " to " + endpoint + "]";
    }
}
