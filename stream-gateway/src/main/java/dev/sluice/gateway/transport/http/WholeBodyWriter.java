package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.transport.ClientWriteClock;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.ConstrainedTo;
import jakarta.ws.rs.RuntimeType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Writes whole answers. Quarkus' own writer would keep what a client never reads for as long as that client is there. */
@Provider
@ConstrainedTo(RuntimeType.SERVER)
public final class WholeBodyWriter implements ServerMessageBodyWriter<byte[]> {

    private final ClientWriteClock clientWrite;

    WholeBodyWriter(ClientWriteClock clientWrite) {
        this.clientWrite = clientWrite;
    }

    @Override
    public boolean isWriteable(
            Class<?> type, Type genericType, ResteasyReactiveResourceInfo target, MediaType mediaType) {
        return type == byte[].class;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == byte[].class;
    }

    @Override
    public void writeResponse(byte[] bytes, Type genericType, ServerRequestContext context) {
        ResteasyReactiveRequestContext request = (ResteasyReactiveRequestContext) context;
        HttpServerRequest http = request.serverRequest().unwrap(HttpServerRequest.class);
        request.suspend();
        new WholeBody(http, bytes, clientWrite, request::resume).send();
    }

    @Override
    public void writeTo(
            byte[] bytes,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        out.write(bytes);
    }
}
