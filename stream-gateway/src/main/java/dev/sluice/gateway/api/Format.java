package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.dialect.legacy.LegacyJsonDialect;
import dev.sluice.gateway.dialect.legacy.TextDialect;
import dev.sluice.gateway.dialect.openai.OpenAiDialect;
import dev.sluice.gateway.dialect.standard.StandardDialect;
import dev.sluice.gateway.generation.ErrorCode;
import dev.sluice.gateway.generation.GatewayException;
import org.jspecify.annotations.Nullable;

/** The formats in which a stream can be had, as {@code ?format=} names them. */
enum Format {
    STANDARD("standard", true),
    LEGACY_JSON("legacy-json", true),
    TEXT("text", false),
    OPENAI("openai", false);

    private final String wireName;
    private final boolean hasLines;

    Format(String wireName, boolean hasLines) {
        this.wireName = wireName;
        this.hasLines = hasLines;
    }

    /**
     * Returns the format of a name.
     *
     * @param name null for the standard one
     * @throws GatewayException {@link ErrorCode#INVALID_REQUEST} where none has it
     */
    static Format named(@Nullable String name) {
        if (name == null) {
            return STANDARD;
        }
        for (Format format : values()) {
            if (format.wireName.equals(name)) {
                return format;
            }
        }
        throw GatewayException.invalid("format", "format must be standard, legacy-json, text or openai.");
    }

    /**
     * Checks that it can be had in a form. A page of JSON holds events in the standard format.
     *
     * @throws GatewayException {@link ErrorCode#NOT_ACCEPTABLE} where it cannot
     */
    void require(AnswerForm form) {
        boolean available = switch (form) {
            case EVENT_STREAM -> true;
            case LINES -> hasLines;
            case JSON -> this == STANDARD;
        };
        if (!available) {
            throw GatewayException.of(
                    ErrorCode.NOT_ACCEPTABLE,
                    "The format " + wireName + " is read as text/event-stream"
                            + (hasLines ? " or application/x-ndjson." : "."));
        }
    }

    /** Returns what writes it, as lines or as events. */
    Dialect dialect(AnswerForm form) {
        boolean inLines = form == AnswerForm.LINES;
        return switch (this) {
            case STANDARD -> inLines ? StandardDialect.LINES : StandardDialect.EVENT_STREAM;
            case LEGACY_JSON -> inLines ? LegacyJsonDialect.LINES : LegacyJsonDialect.EVENT_STREAM;
            case TEXT -> TextDialect.EVENT_STREAM;
            case OPENAI -> OpenAiDialect.PLAIN;
        };
    }
}
