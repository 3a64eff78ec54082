package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.openai.ChatCompletion;
import dev.sluice.gateway.dialect.openai.OpenAiDialect;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.pipeline.GenerationPipeline;
import dev.sluice.gateway.transport.WholeAnswer;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** OpenAI's chat completions: its official clients work unmodified. */
@Path("/v1/chat/completions")
public final class ChatCompletionsResource {

    private static final String PATH = "/v1/chat/completions";

    private final Callers callers;
    private final RequestDecoder decoder;
    private final StreamRequests requests;
    private final GenerationPipeline pipeline;
    private final EventStreams eventStreams;

    ChatCompletionsResource(
            Callers callers,
            RequestDecoder decoder,
            StreamRequests requests,
            GenerationPipeline pipeline,
            EventStreams eventStreams) {
        this.callers = callers;
        this.decoder = decoder;
        this.requests = requests;
        this.pipeline = pipeline;
        this.eventStreams = eventStreams;
    }

    /** Whether the answer is a stream depends on the body alone: clients ask for JSON in {@code Accept} either way. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @NonBlocking
    public Uni<RestResponse<?>> complete(byte[] body, @Context HttpServerRequest http) {
        DecodedRequest request = decoder.chatCompletion(body);
        StreamLog log = pipeline.start(requests.unnamed(request, callers.identify(http), PATH, http));
        return request.stream()
                ? eventStreams.read(
                        log, 0, request.includeUsage() ? OpenAiDialect.WITH_USAGE : OpenAiDialect.PLAIN, http)
                : whole(log);
    }

    private static Uni<RestResponse<?>> whole(StreamLog log) {
        String id = log.info().key().id().value();
        return WholeAnswer.of(log)
                .<RestResponse<?>>map(answer -> ResponseBuilder.ok(ChatCompletion.of(log.info(), answer))
                        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                        .header("X-Stream-Id", id)
                        .header("x-request-id", id)
                        .build())
                .onFailure(GatewayException.class)
                .recoverWithItem(failure -> ErrorResponses.of(failure.error()));
    }
}
