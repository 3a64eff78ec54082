package dev.sluice.provider.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.provider.ProviderFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says about a failure, in any of the shapes that providers use: {@code {"error":{…}}}, {@code {"error":"…"}},
 * the same within an array, the fields at the top, or {@code {"detail":…}}.
 *
 * @param message the provider's sentence, not yet fit for a caller; null where there is none
 * @param type the kind of error, null where it is not named
 * @param code the provider's code, a number as digits; null where there is none
 * @param param the request field at fault, null where none is named
 */
public record ErrorReport(
        @Nullable String message,
        @Nullable String type,
        @Nullable String code,
        @Nullable String param) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ErrorReport NOTHING = new ErrorReport(null, null, null, null);
    private static final Set<String> QUOTA = Set.of(
            "insufficient_quota",
            "credit_balance_exhausted",
            "organization_spend_limit_exceeded",
            "project_spend_limit_exceeded",
            "organization_usage_limit_exceeded",
            "billing_hard_limit_reached");
    private static final Set<String> RATE =
            Set.of("rate_limit_exceeded", "rate_limit_error", "slow_down", "requests", "tokens", "too_many_requests");
    private static final Set<String> REQUEST =
            Set.of("invalid_request_error", "exceed_context_size_error", "not_found_error", "BadRequestError");
    private static final Set<String> UNKNOWN_MODEL = Set.of("model_not_found", "model_decommissioned", "invalid_model");
    private static final Set<String> TOO_LONG = Set.of("context_length_exceeded", "exceed_context_size_error");

    /** Half of the providers have no code for it. */
    private static final Pattern SAYS_TOO_LONG = Pattern.compile(
            "(?i)context (?:length|size|window)|prompt is too long|maximum number of tokens|maximum context");

    private static final int IN_STREAM = 200;

    /** Reads a report from JSON; from anything else, a report that says nothing. */
    public static ErrorReport parse(byte[] bytes, int offset, int length) {
        JsonNode root;
        try {
            root = JSON.readTree(new String(bytes, offset, length, StandardCharsets.UTF_8));
        } catch (JsonProcessingException _) {
            return NOTHING;
        }
        if (root.isArray()) {
            root = root.path(0);
        }
        JsonNode error = root.path("error");
        if (error.isTextual()) {
            return new ErrorReport(error.textValue(), text(root, "type"), text(root, "code"), null);
        }
        JsonNode source = error.isObject() ? error : root.isObject() ? root : MissingNode.getInstance();
        String message = text(source, "message");
        return new ErrorReport(
                message == null ? detail(root.path("detail")) : message,
                text(source, "type"),
                text(source, "code"),
                text(source, "param"));
    }

    /** Returns the failure that an HTTP status of 400 or more stands for. */
    public ProviderFailure atStatus(int status, @Nullable Duration askedWait, PublicText text) {
        String said = text.of(message, "The provider answered with HTTP status " + status + ".");
        return switch (status) {
            case 401, 403 -> new ProviderFailure.Unauthorized(status, said);
            case 402 -> new ProviderFailure.QuotaExhausted(said);
            case 429 ->
                is(QUOTA) ? new ProviderFailure.QuotaExhausted(said) : new ProviderFailure.RateLimited(askedWait, said);
            case 408, 498 -> new ProviderFailure.Server(status, askedWait, said);
            default ->
                status >= 500
                        ? new ProviderFailure.Server(status, askedWait, said)
                        : new ProviderFailure.Rejected(status, publicCode(text), publicParam(text), said);
        };
    }

    /** Returns the failure that a report inside a stream stands for. */
    public ProviderFailure inStream(PublicText text) {
        int status = numericCode();
        if (status >= 400 && status < 500) {
            return atStatus(status, null, text);
        }
        String said = text.of(message, "The provider reported an error in the middle of its answer.");
        if (is(QUOTA)) {
            return new ProviderFailure.QuotaExhausted(said);
        }
        if (is(RATE)) {
            return new ProviderFailure.RateLimited(null, said);
        }
        if (is(REQUEST)) {
            return new ProviderFailure.Rejected(400, publicCode(text), publicParam(text), said);
        }
        return new ProviderFailure.Server(IN_STREAM, null, said);
    }

    private boolean is(Set<String> kinds) {
        return (type != null && kinds.contains(type)) || (code != null && kinds.contains(code));
    }

    private int numericCode() {
        return code != null && code.matches("\\d{3}") ? Integer.parseInt(code) : 0;
    }

    private @Nullable String publicCode(PublicText text) {
        if (is(TOO_LONG) || (message != null && SAYS_TOO_LONG.matcher(message).find())) {
            return ProviderFailure.Rejected.CONTEXT_TOO_LONG;
        }
        if (is(UNKNOWN_MODEL)) {
            return ProviderFailure.Rejected.MODEL_UNKNOWN;
        }
        return code == null ? null : text.of(code, "");
    }

    private @Nullable String publicParam(PublicText text) {
        return param == null ? null : text.of(param, "");
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    private static @Nullable String detail(JsonNode detail) {
        JsonNode first = detail.isArray() ? detail.path(0).path("msg") : detail;
        return first.isTextual() ? first.textValue() : null;
    }
}
