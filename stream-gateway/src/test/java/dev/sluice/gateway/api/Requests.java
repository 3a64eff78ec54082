package dev.sluice.gateway.api;

import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;

/** Requests of which only the headers matter. */
final class Requests {

    private Requests() {}

    /** Returns a request with these headers; whoever asks it for anything else fails. */
    static HttpServerRequest with(Map<String, String> headers) {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        return (HttpServerRequest) Proxy.newProxyInstance(
                HttpServerRequest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("getHeader")) {
                        return byName.get(arguments[0].toString());
                    }
                    throw new AssertionError("asked for " + method);
                });
    }
}
