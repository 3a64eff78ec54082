package dev.sluice.collector.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a field's JSON value must look like, and the value that is stored for it. */
sealed interface FieldRule {

    /** The longest text of any field, in UTF-16 units. */
    int MAX_TEXT = 128;

    /** The value to store, or null when the JSON value breaks the rule. */
    @Nullable
    Object accept(JsonNode value);

    /** The rule, to finish the sentence "must be …". */
    String expectation();

    /** Text of 1 to 128 characters that every database can hold. */
    record Text() implements FieldRule {
        @Override
        public @Nullable Object accept(JsonNode value) {
            return value.isTextual() && isSafe(value.textValue()) ? value.textValue() : null;
        }

        @Override
        public String expectation() {
            return "text of 1 to " + MAX_TEXT + " characters without NUL";
        }

        /** PostgreSQL refuses NUL, and half a surrogate pair has no UTF-8. */
        static boolean isSafe(String text) {
            if (text.isEmpty() || text.length() > MAX_TEXT) {
                return false;
            }
            return text.codePoints().noneMatch(point -> point == 0 || (point >= 0xD800 && point <= 0xDFFF));
        }
    }

    /** One word of a closed set. */
    record Choice(Set<String> words) implements FieldRule {
        @Override
        public @Nullable Object accept(JsonNode value) {
            return value.isTextual() && words.contains(value.textValue()) ? value.textValue() : null;
        }

        @Override
        public String expectation() {
            return "one of " + String.join(", ", words.stream().sorted().toList());
        }
    }

    /** A UUID in its 36-character form. */
    record Id() implements FieldRule {
        private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

        @Override
        public @Nullable Object accept(JsonNode value) {
            return value.isTextual() && FORM.matcher(value.textValue()).matches()
                    ? UUID.fromString(value.textValue())
                    : null;
        }

        @Override
        public String expectation() {
            return "a UUID";
        }
    }

    /** A JSON integer from {@code min} to what a bigint holds. */
    record WholeLong(long min) implements FieldRule {
        @Override
        public @Nullable Object accept(JsonNode value) {
            return value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= min
                    ? value.longValue()
                    : null;
        }

        @Override
        public String expectation() {
            return "an integer of at least " + min;
        }
    }

    /** A JSON integer between two bounds, both included. */
    record WholeInt(int min, int max) implements FieldRule {
        @Override
        public @Nullable Object accept(JsonNode value) {
            var fits = value.isIntegralNumber() && value.canConvertToInt();
            return fits && value.intValue() >= min && value.intValue() <= max ? value.intValue() : null;
        }

        @Override
        public String expectation() {
            return "an integer from " + min + " to " + max;
        }
    }

    /** Milliseconds, with fractions; up to ten years. */
    record Milliseconds() implements FieldRule {
        private static final double MAX = 3.2e11;

        @Override
        public @Nullable Object accept(JsonNode value) {
            // NaN and the infinities fail both comparisons.
            return value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= MAX
                    ? value.doubleValue()
                    : null;
        }

        @Override
        public String expectation() {
            return "a finite number of milliseconds, not negative";
        }
    }

    /** True or false. */
    record Flag() implements FieldRule {
        @Override
        public @Nullable Object accept(JsonNode value) {
            return value.isBoolean() ? value.booleanValue() : null;
        }

        @Override
        public String expectation() {
            return "true or false";
        }
    }

    /** Counts by upper bound in milliseconds, {@code "inf"} for the rest; at most 64 bounds. */
    record Histogram() implements FieldRule {
        private static final int MAX_BOUNDS = 64;
        private static final Pattern BOUND = Pattern.compile("inf|[0-9]{1,12}(\\.[0-9]{1,6})?");

        @Override
        public @Nullable Object accept(JsonNode value) {
            if (!value.isObject() || value.size() > MAX_BOUNDS) {
                return null;
            }
            var valid = value.properties().stream()
                    .allMatch(bound -> BOUND.matcher(bound.getKey()).matches() && isCount(bound.getValue()));
            return valid ? value.toString() : null;
        }

        @Override
        public String expectation() {
            return "an object of upper bounds in milliseconds (or \"inf\") and counts";
        }

        private static boolean isCount(JsonNode count) {
            return count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0;
        }
    }
}
