package dev.sluice.gateway.api;

import dev.sluice.gateway.admission.AdmissionGate;
import dev.sluice.gateway.admission.Standing;
import dev.sluice.gateway.admission.Standing.Left;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GatewayException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Tells a caller with every answer how much of its rates is left, in the headers that its clients know: Anthropic's below
 * {@code /v1/messages}, elsewhere OpenAI's.
 */
public final class RateLimitHeaders {

    private final CallerAllowances allowances;
    private final Callers callers;
    private final AdmissionGate gate;

    RateLimitHeaders(CallerAllowances allowances, Callers callers, AdmissionGate gate) {
        this.allowances = allowances;
        this.callers = callers;
        this.gate = gate;
    }

    @ServerResponseFilter
    public void add(ContainerResponseContext response, HttpServerRequest http) {
        if (allowances.limitRates()) {
            caller(http).ifPresent(caller -> add(gate.standing(caller), http, response.getHeaders()));
        }
    }

    /** Returns nobody for a request that was refused because of its key. */
    private Optional<Caller> caller(HttpServerRequest http) {
        try {
            return Optional.of(callers.identify(http));
        } catch (GatewayException _) {
            return Optional.empty();
        }
    }

    private static void add(Standing standing, HttpServerRequest http, MultivaluedMap<String, Object> headers) {
        boolean anthropic = ErrorForm.of(http.path()) == ErrorForm.ANTHROPIC;
        standing.requests().ifPresent(left -> add("requests", left, anthropic, headers));
        standing.tokens().ifPresent(left -> add("tokens", left, anthropic, headers));
    }

    private static void add(String what, Left left, boolean anthropic, MultivaluedMap<String, Object> headers) {
        if (anthropic) {
            String prefix = "anthropic-ratelimit-" + what + "-";
            headers.putSingle(prefix + "limit", left.limit());
            headers.putSingle(prefix + "remaining", left.remaining());
            Instant full = Instant.now().plus(left.untilFull()).plusMillis(999);
            headers.putSingle(
                    prefix + "reset", full.truncatedTo(ChronoUnit.SECONDS).toString());
        } else {
            headers.putSingle("x-ratelimit-limit-" + what, left.limit());
            headers.putSingle("x-ratelimit-remaining-" + what, left.remaining());
            headers.putSingle("x-ratelimit-reset-" + what, text(left.untilFull()));
        }
    }

    /** Writes a duration as OpenAI does: {@code 12ms}, {@code 1.5s}, {@code 6m0s}, {@code 1h0m0s}. */
    static String text(Duration duration) {
        long millis = Math.ceilDiv(duration.toNanos(), 1_000_000L);
        if (millis < 1_000) {
            return millis + "ms";
        }
        Duration rounded = Duration.ofMillis(millis);
        StringBuilder text = new StringBuilder();
        if (rounded.toHours() > 0) {
            text.append(rounded.toHours()).append('h');
        }
        if (rounded.toMinutes() > 0) {
            text.append(rounded.toMinutesPart()).append('m');
        }
        text.append(rounded.toSecondsPart());
        if (rounded.toMillisPart() > 0) {
            String thousandths = String.valueOf(1_000 + rounded.toMillisPart()).substring(1);
            text.append('.').append(thousandths.replaceAll("0+$", ""));
        }
        return text.append('s').toString();
    }
}
