package dev.sluice.gateway.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.dialect.responses.ChatFields;
import dev.sluice.gateway.dialect.responses.RequestEcho;
import dev.sluice.gateway.dialect.responses.ResponsesDialect;
import dev.sluice.gateway.generation.Answer;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.StreamEvent;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.log.LogReader;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogs;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;

/** OpenAI's Responses API, without a store: what a request builds on, it must bring along. */
@Path("/v1/responses")
public final class ResponsesResource {

    private static final String PATH = "/v1/responses";

    private final Callers callers;
    private final RequestDecoder decoder;
    private final StreamRequests requests;
    private final StreamLogs logs;
    private final Answers answers;

    ResponsesResource(
            Callers callers, RequestDecoder decoder, StreamRequests requests, StreamLogs logs, Answers answers) {
        this.callers = callers;
        this.decoder = decoder;
        this.requests = requests;
        this.logs = logs;
        this.answers = answers;
    }

    /** Answers with the events of a response, or with one object. Either repeats what was asked. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @NonBlocking
    public Uni<RestResponse<?>> respond(byte[] body, @Context HttpServerRequest http) {
        ObjectNode fields = decoder.object(body);
        Caller caller = callers.identify(http);
        DecodedRequest request = decoder.translated(ChatFields.of(fields, stream -> answer(caller, stream)));
        ResponsesDialect dialect = new ResponsesDialect(RequestEcho.of(fields));
        return answers.start(requests.unnamed(request, caller, PATH, http), dialect, http);
    }

    private Optional<Answer> answer(Caller owner, StreamId stream) {
        return logs.find(new StreamKey(owner, stream)).filter(StreamLog::ended).flatMap(ResponsesResource::answer);
    }

    private static Optional<Answer> answer(StreamLog log) {
        try (LogReader reader = log.read(log.nextOffset() - 1, () -> {})) {
            return reader.poll() instanceof StreamEvent.Completed(Answer answer)
                    ? Optional.of(answer)
                    : Optional.empty();
        }
    }
}
