package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.transform.DeltaKind;
import dev.sluice.gateway.transform.Redaction;
import dev.sluice.gateway.transform.Transform;
import dev.sluice.gateway.transform.Transforms;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what a caller wants done to an answer. A caller names patterns and gives literal text, but no regular expressions: one
 * of those can be made to cost more than an answer is worth.
 */
final class TransformFields {

    private static final int MAX_LITERAL = 200;
    private static final int MAX_LENGTH = 10_000_000;
    private static final Set<String> FIELDS = Set.of("drop", "redact", "max_length");

    private final String path;
    private final JsonNode fields;

    private TransformFields(String path, JsonNode fields) {
        this.path = path;
        this.fields = fields;
    }

    /**
     * Reads an object with {@code drop}, {@code redact} and {@code max_length}, all optional.
     *
     * @param path where the object stands in the request
     * @param fields a missing node or null for nothing
     * @throws GatewayException {@code INVALID_REQUEST} with the path of the field at fault
     */
    static Transforms read(String path, JsonNode fields) {
        if (absent(fields)) {
            return Transforms.NONE;
        }
        if (!fields.isObject()) {
            throw wrong(path, "an object");
        }
        for (String name : (Iterable<String>) fields::fieldNames) {
            if (!FIELDS.contains(name)) {
                throw GatewayException.invalid(path, path + " may hold drop, redact and max_length only.");
            }
        }
        return new TransformFields(path, fields).read();
    }

    private Transforms read() {
        List<Transform> steps = new ArrayList<>();
        if (!absent(fields.path("drop"))) {
            steps.add(new Transform.Drop(dropped(fields.path("drop"))));
        }
        if (!absent(fields.path("redact"))) {
            steps.add(new Transform.Redact(redactions(fields.path("redact")), Transform.Redact.DEFAULT_MAX_MATCH));
        }
        if (!absent(fields.path("max_length"))) {
            steps.add(new Transform.MaxLength(length(fields.path("max_length"))));
        }
        return new Transforms(steps);
    }

    private Set<DeltaKind> dropped(JsonNode value) {
        String at = path + ".drop";
        if (!value.isArray() || value.isEmpty() || value.size() > DeltaKind.values().length) {
            throw wrong(at, "an array of " + DeltaKind.NAMES + ", or of one of them");
        }
        Set<DeltaKind> kinds = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            String element = at + "[" + i + "]";
            kinds.add(
                    DeltaKind.parse(value.get(i).asText()).orElseThrow(() -> wrong(element, "reasoning or tool_call")));
        }
        return kinds;
    }

    private List<Redaction> redactions(JsonNode value) {
        String at = path + ".redact";
        if (!value.isArray() || value.isEmpty() || value.size() > Transform.Redact.MAX_REDACTIONS) {
            throw wrong(at, "an array of 1 to " + Transform.Redact.MAX_REDACTIONS + " patterns");
        }
        List<Redaction> redactions = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            redactions.add(redaction(at + "[" + i + "]", value.get(i)));
        }
        return redactions;
    }

    private static Redaction redaction(String at, JsonNode value) {
        if (value.isTextual()) {
            return Redaction.named(value.textValue())
                    .orElseThrow(() -> wrong(at, "one of " + Redaction.NAMES + ", or {\"literal\": …}"));
        }
        JsonNode literal = value.path("literal");
        if (value.size() != 1 || !literal.isTextual()) {
            throw wrong(at, "the name of a pattern, or an object with literal and nothing else");
        }
        String text = literal.textValue();
        if (text.isBlank() || text.length() > MAX_LITERAL) {
            throw wrong(at + ".literal", "1 to " + MAX_LITERAL + " characters, not all of them blank");
        }
        return Redaction.literal(text);
    }

    private int length(JsonNode value) {
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < 1
                || value.intValue() > MAX_LENGTH) {
            throw wrong(path + ".max_length", "a whole number from 1 to " + MAX_LENGTH);
        }
        return value.intValue();
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static GatewayException wrong(String at, String mustBe) {
        return GatewayException.invalid(at, at + " must be " + mustBe + ".");
    }
}
