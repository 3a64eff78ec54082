package dev.sluice.gateway.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.pipeline.OnInterrupt;
import dev.sluice.gateway.transform.Transforms;
import dev.sluice.provider.ChatRequest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From bytes to a checked request. What a provider would refuse for its type is refused here, so that a bad request never
 * becomes a stream; fields that are not known pass.
 */
@Singleton
final class RequestDecoder {

    private static final int MAX_FALLBACKS = 16;
    private static final int MAX_MODEL_LENGTH = 256;

    private final ObjectReader reader = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /**
     * Reads the body of {@code POST /v1/chat/completions}.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    DecodedRequest chatCompletion(byte @Nullable [] body) {
        return translated(object(body));
    }

    /**
     * Reads the fields of a chat completion, as another format's translation made them.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    DecodedRequest translated(ObjectNode fields) {
        return decode(
                fields,
                List.of(),
                Optional.empty(),
                Transforms.NONE,
                Optional.empty(),
                OnInterrupt.FAIL,
                MissingNode.getInstance());
    }

    /**
     * Reads the body of {@code POST /v1/streams}: the same, and {@code stream_id}, {@code on_disconnect},
     * {@code on_interrupt}, {@code fallbacks}, {@code sticky}, {@code transforms}.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    DecodedRequest stream(byte @Nullable [] body) {
        return stream(object(body));
    }

    /**
     * Reads the fields of such a body, and takes from the object what no provider is to see.
     *
     * @throws GatewayException {@code INVALID_REQUEST} with the field at fault
     */
    DecodedRequest stream(ObjectNode fields) {
        Optional<StreamId> id = text(fields, "stream_id")
                .map(given -> StreamId.parse(given)
                        .orElseThrow(() -> GatewayException.invalid(
                                "stream_id", "stream_id must be 1 to 128 characters of A-Z, a-z, 0-9, _ and -.")));
        JsonNode onDisconnect = fields.path("on_disconnect");
        List<String> fallbacks = fallbacks("fallbacks", fields.path("fallbacks"));
        Optional<String> stickyKey = StickyKeys.field("sticky", fields.path("sticky"));
        Transforms transforms = TransformFields.read("transforms", fields.path("transforms"));
        OnInterrupt onInterrupt = InterruptField.read(
                InterruptField.NAME, fields.path(InterruptField.NAME), fields.path("response_format"));
        fields.remove(List.of("stream_id", "on_disconnect", InterruptField.NAME, "fallbacks", "sticky", "transforms"));
        return decode(fields, fallbacks, stickyKey, transforms, id, onInterrupt, onDisconnect);
    }

    private static DecodedRequest decode(
            ObjectNode fields,
            List<String> fallbacks,
            Optional<String> stickyKey,
            Transforms transforms,
            Optional<StreamId> id,
            OnInterrupt onInterrupt,
            JsonNode onDisconnect) {
        String model = text(fields, "model")
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> GatewayException.invalid("model", "model is missing."));
        if (model.length() > MAX_MODEL_LENGTH) {
            throw GatewayException.invalid("model", "model must have at most " + MAX_MODEL_LENGTH + " characters.");
        }
        FieldRules.check(fields);
        boolean stream = fields.path("stream").asBoolean(false);
        boolean includeUsage =
                fields.path("stream_options").path("include_usage").asBoolean(false);
        JsonNode extension = fields.path("sluice");
        OnInterrupt extended = InterruptField.read(
                "sluice." + InterruptField.NAME, extension.path(InterruptField.NAME), fields.path("response_format"));
        fields.remove(List.of("model", "stream", "stream_options", "sluice"));
        return new DecodedRequest(
                model,
                fallbacks.isEmpty() ? fallbacks("sluice.fallbacks", extension.path("fallbacks")) : fallbacks,
                stickyKey.or(() -> StickyKeys.field("sluice.sticky", extension.path("sticky"))),
                new ChatRequest(fields, extension.isNull() ? MissingNode.getInstance() : extension),
                stream,
                includeUsage,
                transforms.then(TransformFields.read("sluice.transforms", extension.path("transforms"))),
                id,
                onInterrupt == OnInterrupt.FAIL ? extended : onInterrupt,
                onDisconnect);
    }

    /**
     * Reads a body that is one JSON object.
     *
     * @throws GatewayException {@code INVALID_REQUEST} that says where the JSON is wrong
     */
    ObjectNode object(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            throw GatewayException.invalid(null, "The request has no body.");
        }
        try {
            if (reader.readTree(body) instanceof ObjectNode fields) {
                return fields;
            }
            throw GatewayException.invalid(null, "The body must be a JSON object.");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw GatewayException.invalid(
                    null,
                    at == null
                            ? "The body is not valid JSON."
                            : "The body is not valid JSON (line " + at.getLineNr() + ", column " + at.getColumnNr()
                                    + ").");
        } catch (IOException e) {
            throw GatewayException.invalid(null, "The body is not valid JSON.");
        }
    }

    /**
     * Reads a field that is a string, or absent.
     *
     * @throws GatewayException {@code INVALID_REQUEST} where it is something else
     */
    static Optional<String> text(ObjectNode fields, String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw GatewayException.invalid(name, name + " must be a string.");
        }
        return Optional.of(value.textValue());
    }

    private static List<String> fallbacks(String path, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        if (value.isArray() && value.size() <= MAX_FALLBACKS) {
            value.forEach(name -> names.add(name.isTextual() ? name.textValue() : ""));
        }
        if (names.isEmpty() || !names.stream().allMatch(RequestDecoder::canNameAModel)) {
            throw GatewayException.invalid(path, path + " must be an array of 1 to " + MAX_FALLBACKS + " model names.");
        }
        return names;
    }

    private static boolean canNameAModel(String name) {
        return !name.isBlank() && name.length() <= MAX_MODEL_LENGTH;
    }
}
