package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.AnswerDialect;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.pipeline.GenerationPipeline;
import dev.sluice.gateway.pipeline.GenerationRequest;
import dev.sluice.gateway.transport.WholeAnswer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Answers a request with a stream, or with the whole answer. Which of them depends on its body alone: clients of the formats
 * that know both ask for JSON in {@code Accept} either way.
 */
@Singleton
final class Answers {

    private final GenerationPipeline pipeline;
    private final EventStreams eventStreams;

    Answers(GenerationPipeline pipeline, EventStreams eventStreams) {
        this.pipeline = pipeline;
        this.eventStreams = eventStreams;
    }

    /**
     * Starts a generation and answers with what it yields, or with the error that came in its place.
     *
     * @throws GatewayException where it is refused before it is a stream
     */
    Uni<RestResponse<?>> start(GenerationRequest generation, AnswerDialect dialect, HttpServerRequest http) {
        StreamLog log = pipeline.start(generation);
        return generation.streamed() ? eventStreams.read(log, 0, dialect, http) : whole(log, dialect, http);
    }

    private static Uni<RestResponse<?>> whole(StreamLog log, AnswerDialect dialect, HttpServerRequest http) {
        String id = log.info().key().id().value();
        return WholeAnswer.of(log)
                .<RestResponse<?>>map(answer -> ResponseBuilder.ok(dialect.whole(log.info(), answer))
                        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                        .header("X-Stream-Id", id)
                        .header(dialect.requestIdHeader(), id)
                        .build())
                .onFailure(GatewayException.class)
                .recoverWithItem(failure -> ErrorResponses.of(failure.error(), ErrorForm.of(http.path())));
    }
}
