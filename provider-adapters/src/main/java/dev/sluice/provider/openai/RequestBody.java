package dev.sluice.provider.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.provider.ChatRequest;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes a request's JSON straight into a buffer, without a copy of the caller's tree. */
final class RequestBody {

    private RequestBody() {}

    /** Asks for a stream, with usage at its end. */
    static Buffer streamed(ObjectMapper json, String model, ChatRequest request) {
        return write(json, model, true, request);
    }

    /** Asks for the whole answer at once. */
    static Buffer whole(ObjectMapper json, String model, ChatRequest request) {
        return write(json, model, false, request);
    }

    private static Buffer write(ObjectMapper json, String model, boolean stream, ChatRequest request) {
        Buffer buffer = Buffer.buffer(1024);
        try (JsonGenerator generator = json.createGenerator(new BufferStream(buffer))) {
            generator.writeStartObject();
            generator.writeStringField("model", model);
            generator.writeBooleanField("stream", stream);
            if (stream) {
                generator.writeObjectFieldStart("stream_options");
                generator.writeBooleanField("include_usage", true);
                generator.writeEndObject();
            }
            for (Map.Entry<String, JsonNode> field : request.body().properties()) {
                generator.writeFieldName(field.getKey());
                generator.writeTree(field.getValue());
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return buffer;
    }

    private static final class BufferStream extends OutputStream {

        private final Buffer buffer;

        BufferStream(Buffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public void write(int b) {
            buffer.appendByte((byte) b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            buffer.appendBytes(bytes, offset, length);
        }
    }
}
