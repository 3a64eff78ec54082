package dev.sluice.provider.http;

import dev.sluice.provider.Endpoint;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;

/** How a call becomes an HTTP request. */
final class Requests {

    private Requests() {}

    /** Fails with an {@link IllegalArgumentException} if the endpoint's address is not one. */
    static RequestOptions options(HttpCall call) {
        Endpoint endpoint = call.endpoint();
        URI base = endpoint.baseUrl();
        String host = base.getHost();
        boolean tls = "https".equalsIgnoreCase(base.getScheme());
        if (host == null || !(tls || "http".equalsIgnoreCase(base.getScheme()))) {
            throw new IllegalArgumentException("The base URL is not an HTTP address");
        }
        int port = base.getPort() >= 0 ? base.getPort() : tls ? 443 : 80;
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(host)
                .setPort(port)
                .setSsl(tls)
                .setURI(target(base, call.path()))
                .setConnectTimeout(Math.max(1, endpoint.connectTimeout().toMillis()))
                .setHeaders(headers(call));
        if (host.startsWith("[")) {
            options.setServer(SocketAddress.inetSocketAddress(port, host.substring(1, host.length() - 1)));
        }
        return options;
    }

    /** Whether the server compressed the answer although it was asked not to. */
    static boolean isCompressed(HttpClientResponse response) {
        String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity");
    }

    /** Some providers want a query on every call, so the path goes before it. */
    private static String target(URI base, String path) {
        String query = base.getRawQuery();
        return base.getRawPath() + path + (query == null ? "" : "?" + query);
    }

    /** These headers check what is put in; a bad one found later, while sending, would leave the stream without an end. */
    private static MultiMap headers(HttpCall call) {
        MultiMap headers = HttpHeaders.headers()
                .set(HttpHeaders.CONTENT_TYPE, "application/json")
                .set(HttpHeaders.ACCEPT_ENCODING, "identity")
                .set(HttpHeaders.USER_AGENT, "sluice");
        call.headers().forEach(headers::set);
        call.endpoint().headers().forEach(headers::set);
        return headers;
    }
}
