package dev.sluice.collector.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** The one shape of every error. All four fields are always there; {@code param} may be null. */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ErrorBody(Detail error) {

    /** What is wrong, for a person and for a program. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Detail(
            String message, String type, @Nullable String param, String code) {}

    static ErrorBody of(ErrorCode code, String message, @Nullable String param) {
        return new ErrorBody(new Detail(message, code.type(), param, code.name()));
    }
}
