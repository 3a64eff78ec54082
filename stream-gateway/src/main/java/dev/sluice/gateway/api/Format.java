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
    STANDARD("standard", StandardDialect.EVENT_STREAM, StandardDialect.LINES),
    LEGACY_JSON("legacy-json", LegacyJsonDialect.EVENT_STREAM, LegacyJsonDialect.LINES),
    TEXT("text", TextDialect.EVENT_STREAM, null),
    OPENAI("openai", OpenAiDialect.PLAIN, null);

    private final String wireName;
    private final Dialect events;
    private final @Nullable Dialect lines;

    Format(String wireName, Dialect events, @Nullable Dialect lines) {
        this.wireName = wireName;
        this.events = events;
        this.lines = lines;
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
            case LINES -> lines != null;
            case JSON -> this == STANDARD;
        };
        if (!available) {
            throw GatewayException.of(
                    ErrorCode.NOT_ACCEPTABLE,
                    "The format " + wireName + " is read as text/event-stream"
                            + (lines == null ? "." : " or application/x-ndjson."));
        }
    }

    /** Returns what writes it, as lines or as events. */
    Dialect dialect(AnswerForm form) {
        Dialect inLines = lines;
        return form == AnswerForm.LINES && inLines != null ? inLines : events;
    }
}
