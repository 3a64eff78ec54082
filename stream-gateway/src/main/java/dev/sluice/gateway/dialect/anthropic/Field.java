package dev.sluice.gateway.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.generation.GatewayException;
import java.util.ArrayList;
import java.util.List;

/**
 * A value of a request and where it stands, so that a refusal can say so. A null counts as absent.
 *
 * @param path such as {@code messages.0.content}; empty for the whole body
 * @param value a missing node where there is none
 */
record Field(String path, JsonNode value) {

    /** Returns a member of this object; absent where this is no object. */
    Field at(String name) {
        return new Field(path.isEmpty() ? name : path + "." + name, value.path(name));
    }

    boolean absent() {
        return value.isMissingNode() || value.isNull();
    }

    /** Returns this string, or refuses the request. */
    String text() {
        if (!value.isTextual()) {
            throw wrong("a string");
        }
        return value.textValue();
    }

    /** Returns this number, or refuses the request. */
    int positive() {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw wrong("a whole number above 0");
        }
        return value.intValue();
    }

    /** Returns whether this is true, absent counting as not; refuses what is no boolean. */
    boolean flag() {
        if (!absent() && !value.isBoolean()) {
            throw wrong("true or false");
        }
        return value.asBoolean(false);
    }

    /** Returns this object, or refuses the request. */
    JsonNode object() {
        if (!value.isObject()) {
            throw wrong("an object");
        }
        return value;
    }

    /** Returns the elements of this array, none where it is absent; refuses what is no array. */
    List<Field> items() {
        if (!absent() && !value.isArray()) {
            throw wrong("an array");
        }
        List<Field> items = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            items.add(new Field(path + "." + i, value.get(i)));
        }
        return items;
    }

    /** Says what this must be. */
    GatewayException wrong(String mustBe) {
        return GatewayException.invalid(path, path + (absent() ? " is missing: it" : "") + " must be " + mustBe + ".");
    }
}
