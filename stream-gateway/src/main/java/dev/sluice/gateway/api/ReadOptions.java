package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.Dialect;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.transport.Reading;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * How one client wants to read, as its query says.
 *
 * @param format {@code format}: how events are written
 * @param coalesce {@code coalesce}: text is gathered for so long
 * @param holdHead {@code head=wait}: the response's head waits for the answer's beginning
 * @param pollWait {@code wait}: how long a long poll may take
 */
record ReadOptions(Format format, Duration coalesce, boolean holdHead, Duration pollWait) {

    private static final Duration MAX_COALESCE = Duration.ofSeconds(10);
    private static final Duration POLL_WAIT = Duration.ofSeconds(20);
    private static final Duration MAX_POLL_WAIT = Duration.ofSeconds(60);

    /**
     * Reads a query.
     *
     * @param form the form that the client takes
     * @throws GatewayException {@code INVALID_REQUEST} with the parameter at fault, {@code NOT_ACCEPTABLE} for a format that
     *     has no such form
     */
    static ReadOptions of(HttpServerRequest http, AnswerForm form) {
        Format format = Format.named(http.getParam("format"));
        format.require(form);
        Duration coalesce = Durations.parse(http.getParam("coalesce"), "coalesce", Duration.ZERO, MAX_COALESCE);
        if (format == Format.LEGACY_JSON && form == AnswerForm.LINES && coalesce.isPositive()) {
            throw GatewayException.invalid(
                    "coalesce", "Lines of legacy-json cannot be coalesced: their offsets are found by counting them.");
        }
        return new ReadOptions(
                format,
                coalesce,
                holdsHead(http),
                Durations.parse(http.getParam("wait"), "wait", POLL_WAIT, MAX_POLL_WAIT));
    }

    /** Returns what is to be read. */
    Reading reading(StreamLog log, long from, AnswerForm form) {
        Dialect dialect = format.dialect(form);
        return new Reading(log, from, dialect, holdHead || dialect.holdsHead(), coalesce);
    }

    private static boolean holdsHead(HttpServerRequest http) {
        String head = http.getParam("head");
        if (head == null || head.equals("now")) {
            return false;
        }
        if (head.equals("wait")) {
            return true;
        }
        throw GatewayException.invalid("head", "head must be now or wait.");
    }
}
