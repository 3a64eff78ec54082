package dev.sluice.bench.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON as maps, lists, strings, doubles, booleans and null. Strict enough to notice an event that was torn. */
final class Json {

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Reads one object.
     *
     * @throws IllegalArgumentException if this is not one JSON object and nothing else
     */
    static Map<String, @Nullable Object> object(String text) {
        Json json = new Json(text);
        if (json.peek() != '{') {
            throw json.wrong("an object");
        }
        Map<String, @Nullable Object> object = json.members();
        if (json.peek() != 0) {
            throw json.wrong("the end");
        }
        return object;
    }

    /** Returns the string at a path of names and indexes, null where there is none. */
    static @Nullable String string(@Nullable Object value, Object... path) {
        return at(value, path) instanceof String string ? string : null;
    }

    /** Returns an object that is part of another one. */
    static Map<String, @Nullable Object> members(@Nullable Object value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put(String.valueOf(name), member));
        }
        return members;
    }

    /** Returns the number at a path, the other one where there is none. */
    static long number(@Nullable Object value, String name, long otherwise) {
        return at(value, name) instanceof Double number ? number.longValue() : otherwise;
    }

    /** Returns what is at a path, null where there is nothing. */
    static @Nullable Object at(@Nullable Object value, Object... path) {
        Object found = value;
        for (Object step : path) {
            if (found instanceof Map<?, ?> map) {
                found = map.get(step);
            } else if (found instanceof List<?> list && step instanceof Integer index && index < list.size()) {
                found = list.get(index);
            } else {
                return null;
            }
        }
        return found;
    }

    private @Nullable Object value() {
        char c = peek();
        return switch (c) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        take('{');
        while (peek() != '}') {
            String name = string();
            take(':');
            members.put(name, value());
            if (peek() != '}') {
                take(',');
            }
        }
        take('}');
        return members;
    }

    private List<@Nullable Object> elements() {
        List<@Nullable Object> elements = new ArrayList<>();
        take('[');
        while (peek() != ']') {
            elements.add(value());
            if (peek() != ']') {
                take(',');
            }
        }
        take(']');
        return elements;
    }

    private String string() {
        take('"');
        StringBuilder string = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                throw wrong("a string without bare control characters");
            }
            string.append(c == '\\' ? escaped(next()) : c);
        }
    }

    private char escaped(char c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text, at - 4, at, 16);
            }
            default -> c;
        };
    }

    private Double number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == from) {
            throw wrong("a value");
        }
        return Double.valueOf(text.substring(from, at));
    }

    private @Nullable Object word(String word, @Nullable Object meaning) {
        if (!text.startsWith(word, at)) {
            throw wrong(word);
        }
        at += word.length();
        return meaning;
    }

    private void take(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private char next() {
        if (at == text.length()) {
            throw wrong("more");
        }
        return text.charAt(at++);
    }

    /** The next character that is no space, 0 at the end. */
    private char peek() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at == text.length() ? 0 : text.charAt(at);
    }

    private IllegalArgumentException wrong(String wanted) {
        return new IllegalArgumentException(
                "There should be " + wanted + " at character " + at + " of JSON that has " + text.length() + ".");
    }
}
