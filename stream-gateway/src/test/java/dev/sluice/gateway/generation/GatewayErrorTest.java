package dev.sluice.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.testing.Examples;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GatewayErrorTest {

    static List<ProviderFailure> failures() {
        return Examples.failures();
    }

    @Test
    void mapsEveryKindOfFailure() {
        Map<String, ErrorCode> codes = failures().stream()
                .collect(Collectors.toMap(
                        failure -> failure.getClass().getSimpleName(),
                        failure -> GatewayError.of(failure, Phase.HEAD).code(),
                        (one, _) -> one));

        assertThat(codes)
                .hasSameSizeAs(ProviderFailure.class.getPermittedSubclasses())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "Network", ErrorCode.NETWORK,
                        "RateLimited", ErrorCode.RATE_LIMIT,
                        "QuotaExhausted", ErrorCode.PROVIDER_REJECTED,
                        "Server", ErrorCode.SERVER,
                        "Malformed", ErrorCode.PARSE,
                        "Rejected", ErrorCode.PROVIDER_REJECTED,
                        "Unauthorized", ErrorCode.PROVIDER_REJECTED,
                        "TimedOut", ErrorCode.TIMEOUT,
                        "ShortOfMemory", ErrorCode.OVERLOADED));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void keepsTheProvidersWords(ProviderFailure failure) {
        assertThat(GatewayError.of(failure, Phase.HEAD).message()).isEqualTo(failure.message());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsHowFarTheCallHadCome(ProviderFailure failure) {
        Phase expected = switch (failure) {
            case ProviderFailure.Network _ -> Phase.CONNECT;
            case ProviderFailure.TimedOut _ -> Phase.FIRST_CHUNK;
            default -> Phase.MID_STREAM;
        };

        assertThat(GatewayError.of(failure, Phase.MID_STREAM).phase()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"400, 400", "404, 400", "409, 400", "413, 400", "422, 400", "402, 502", "405, 502", "418, 502"})
    void tellsARefusedRequestFromARefusedGateway(int upstream, int status) {
        assertThat(GatewayError.of(new ProviderFailure.Rejected(upstream, null, null, "No."), Phase.HEAD)
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void neverTellsACallerThatItsKeyIsWrongWhenOursIs(int upstream) {
        assertThat(GatewayError.of(new ProviderFailure.Unauthorized(upstream, "No."), Phase.HEAD)
                        .status())
                .isEqualTo(502);
    }

    @Test
    void keepsWhatTheProviderSaysOfTheRequest() {
        GatewayError error =
                GatewayError.of(new ProviderFailure.Rejected(400, "bad_value", "top_p", "No."), Phase.HEAD);

        assertThat(error.upstreamCode()).isEqualTo("bad_value");
        assertThat(error.param()).isEqualTo("top_p");
    }

    @Test
    void keepsTheWaitThatTheProviderAsksFor() {
        Duration wait = Duration.ofSeconds(7);

        assertThat(GatewayError.of(new ProviderFailure.RateLimited(wait, "No."), Phase.HEAD)
                        .retryAfter())
                .isEqualTo(wait);
        assertThat(GatewayError.of(new ProviderFailure.Server(503, wait, "No."), Phase.HEAD)
                        .retryAfter())
                .isEqualTo(wait);
    }

    @Test
    void keepsTheLastCauseWhenAllAttemptsAreSpent() {
        GatewayError last =
                GatewayError.of(new ProviderFailure.RateLimited(Duration.ofSeconds(7), "Too fast."), Phase.HEAD);

        GatewayError error = last.asRetriesExceeded(3);

        assertThat(error)
                .isEqualTo(new GatewayError(
                        ErrorCode.MAX_RETRIES_EXCEEDED,
                        429,
                        "All 3 attempts failed. The last one: Too fast.",
                        null,
                        null,
                        Duration.ofSeconds(7),
                        Phase.HEAD,
                        ErrorCode.RATE_LIMIT));
        assertThat(error.retryable()).isFalse();
    }
}
