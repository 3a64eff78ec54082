package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.dialect.Utf8Buffer;
import java.math.BigDecimal;
import java.util.Map;

/**
 * One form for all JSON texts that mean the same: fields in alphabetical order, no white space, each number and each string
 * written in one way. A field that is null is another thing than one that is absent.
 */
final class CanonicalJson {

    private CanonicalJson() {}

    static byte[] of(JsonNode node) {
        Utf8Buffer out = new Utf8Buffer(1_024);
        append(node, out);
        return out.toBytes();
    }

    private static void append(JsonNode node, Utf8Buffer out) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                String separator = "{";
                for (Map.Entry<String, JsonNode> field : node.properties().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .toList()) {
                    out.raw(separator).string(field.getKey()).raw(":");
                    append(field.getValue(), out);
                    separator = ",";
                }
                out.raw(node.isEmpty() ? "{}" : "}");
            }
            case ARRAY -> {
                String separator = "[";
                for (JsonNode element : node) {
                    out.raw(separator);
                    append(element, out);
                    separator = ",";
                }
                out.raw(node.isEmpty() ? "[]" : "]");
            }
            case STRING -> out.string(node.textValue());
            case NUMBER -> out.raw(number(node));
            case BOOLEAN, NULL, BINARY, POJO, MISSING -> out.raw(node.asText());
        }
    }

    /** What is too large for a double was read as infinite, and is the same as anything else of that size. */
    private static String number(JsonNode node) {
        return node.isDouble() && !Double.isFinite(node.doubleValue())
                ? node.asText()
                : new BigDecimal(node.asText()).stripTrailingZeros().toString();
    }
}
