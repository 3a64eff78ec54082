package dev.sluice.provider.http;

import dev.sluice.provider.Endpoint;
import dev.sluice.provider.Phase;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import io.vertx.core.MultiMap;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What goes wrong between us and an endpoint, in the words of {@link ProviderFailure}. */
final class Refusals {

    private final Endpoint endpoint;
    private final InstantSource clock;

    Refusals(Endpoint endpoint, InstantSource clock) {
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /** No connection came about. */
    ProviderException unreachable(Throwable cause) {
        if (cause instanceof TimeoutException) {
            Duration limit = endpoint.connectTimeout();
            return new ProviderException(
                    new ProviderFailure.TimedOut(
                            Phase.CONNECT, limit, "The provider did not accept a connection in time."),
                    cause);
        }
        String message = switch (cause) {
            case UnknownHostException _ -> "The provider's address could not be found.";
            case SSLException refused when isUntrusted(refused) -> "The provider's certificate is not trusted.";
            case SSLException _ -> "No secure connection to the provider could be made.";
            case RuntimeException _ -> "The request to the provider could not be formed.";
            default -> "The provider could not be reached.";
        };
        return new ProviderException(new ProviderFailure.Network(Phase.CONNECT, message), cause);
    }

    /** Of a certificate nobody vouches for, that has expired, or that belongs to another host. */
    private static boolean isUntrusted(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof CertificateException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    /** The connection broke. */
    ProviderException broken(Phase phase, Throwable cause) {
        String message = phase == Phase.MID_STREAM
                ? "The connection to the provider broke in the middle of the answer."
                : "The connection to the provider broke before the answer.";
        return new ProviderException(new ProviderFailure.Network(phase, message), cause);
    }

    /** A status below 200 that announces the answer to come, and that the client underneath does not read past. */
    ProviderException interim(int status) {
        String message =
                "The provider sent the interim HTTP status " + status + ", past which its answer cannot be read.";
        return new ProviderException(new ProviderFailure.Network(Phase.HEAD, message));
    }

    /** A status that is neither an answer nor a refusal. */
    ProviderException oddStatus(int status) {
        return malformed("The provider answered with the unexpected HTTP status " + status + ".", null);
    }

    /** A body that was compressed although we asked for none of that. */
    ProviderException compressed() {
        return malformed("The provider compressed its answer although it was asked not to.", null);
    }

    /** A decoder stumbled. */
    ProviderException undecodable(RuntimeException cause) {
        return cause instanceof ProviderException known
                ? known
                : malformed("The provider's answer could not be understood.", cause);
    }

    /** The provider said no, with a status of 400 or more. */
    ProviderException refused(int status, MultiMap headers, byte[] body) {
        Duration askedWait = new RetryAfter(clock).read(headers);
        ErrorReport report = ErrorReport.parse(body, 0, body.length);
        return new ProviderException(report.atStatus(status, askedWait, new PublicText(endpoint)));
    }

    private static ProviderException malformed(String message, @Nullable Throwable cause) {
        return new ProviderException(new ProviderFailure.Malformed(message), cause);
    }
}
