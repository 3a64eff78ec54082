package dev.sluice.gateway.api;

import dev.sluice.gateway.api.Chats.Begun;
import dev.sluice.gateway.api.Chats.Chat;
import dev.sluice.gateway.api.Chats.Turn;
import dev.sluice.gateway.dialect.uimessage.UiMessageDialect;
import dev.sluice.gateway.dialect.uimessage.UiMessageRequest;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestones;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogs;
import dev.sluice.gateway.pipeline.GenerationPipeline;
import dev.sluice.gateway.pipeline.GenerationRequest;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Chats of Vercel's AI SDK: its {@code useChat} works unmodified, with resume. An error before the first byte is its message
 * alone, since the SDK shows users the body as it is.
 */
@Path("/api/chat")
@NonBlocking
public final class ChatResource {

    static final String PATH = "/api/chat";

    private final Callers callers;
    private final RequestDecoder decoder;
    private final StreamRequests requests;
    private final ChatConfig config;
    private final Chats chats;
    private final GenerationPipeline pipeline;
    private final StreamLogs logs;
    private final EventStreams eventStreams;
    private final Milestones milestones;

    ChatResource(
            Callers callers,
            RequestDecoder decoder,
            StreamRequests requests,
            ChatConfig config,
            Chats chats,
            GenerationPipeline pipeline,
            StreamLogs logs,
            EventStreams eventStreams,
            Milestones milestones) {
        this.callers = callers;
        this.decoder = decoder;
        this.requests = requests;
        this.config = config;
        this.chats = chats;
        this.pipeline = pipeline;
        this.logs = logs;
        this.eventStreams = eventStreams;
        this.milestones = milestones;
    }

    /** Answers the newest message of a chat. An answer that still runs in this chat ends: this one replaces it. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<RestResponse<?>> answer(
            byte[] body, @QueryParam("model") @Nullable String model, @Context HttpServerRequest http) {
        Caller caller = callers.identify(http);
        UiMessageRequest request = UiMessageRequest.read(decoder.object(body));
        if (!request.chat().hasNonNull("model")) {
            request.chat().put("model", model == null ? config.model() : model);
        }
        GenerationRequest generation =
                requests.chat(request.chat(), caller, PATH, config.sticky() ? request.chatId() : null, http);
        Turn turn = new Turn(new StreamKey(caller, generation.id()), new UiMessageDialect(request.continuedMessage()));
        Begun<StreamLog> begun =
                chats.begin(new Chat(caller, request.chatId()), turn, () -> pipeline.start(generation));
        begun.replaced().ifPresent(before -> pipeline.abort(before.stream()));
        return eventStreams.read(begun.result(), 0, turn.dialect(), http);
    }

    /** Sends the running answer of a chat once more, from its start, or 204 where none runs. */
    @GET
    @Path("/{id:.+}/stream")
    public Uni<RestResponse<?>> resume(@PathParam("id") String id, @Context HttpServerRequest http) {
        Optional<Turn> running = chats.running(new Chat(callers.identify(http), id));
        Optional<StreamLog> log = running.flatMap(turn -> logs.find(turn.stream()));
        if (running.isEmpty() || log.isEmpty()) {
            return Uni.createFrom().item(RestResponse.noContent());
        }
        milestones.reached(new Milestone.Resumed(log.get().info(), 0));
        return eventStreams.read(log.get(), 0, running.get().dialect(), http);
    }

    /** Ends the running answer of a chat. Does nothing where none runs. */
    @POST
    @Path("/{id:.+}/stop")
    public RestResponse<Void> stop(@PathParam("id") String id, @Context HttpServerRequest http) {
        chats.running(new Chat(callers.identify(http), id)).ifPresent(turn -> pipeline.abort(turn.stream()));
        return RestResponse.noContent();
    }
}
