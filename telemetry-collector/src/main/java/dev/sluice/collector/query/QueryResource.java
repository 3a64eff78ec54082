package dev.sluice.collector.query;

import dev.sluice.collector.api.ApiException;
import dev.sluice.collector.api.ErrorCode;
import dev.sluice.collector.settings.CollectorSettings;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Answers questions about what was collected. */
@Path("/api/telemetry")
@Produces(MediaType.APPLICATION_JSON)
public final class QueryResource {

    private static final Duration DEFAULT_SPAN = Duration.ofHours(1);

    private final StoredEvents events;
    private final Summaries summaries;
    private final Clock clock;
    private final Duration retryAfter;

    QueryResource(StoredEvents events, Summaries summaries, Clock clock, CollectorSettings settings) {
        this.events = events;
        this.summaries = summaries;
        this.clock = clock;
        this.retryAfter = settings.retryAfter();
    }

    /** All events of a stream, oldest first. */
    @GET
    @Path("/streams/{id}")
    @Operation(summary = "The events of one stream, oldest first")
    @APIResponse(responseCode = "200", description = "At least one event")
    @APIResponse(responseCode = "404", description = "No event of such a stream is kept")
    public Uni<StreamTimeline> stream(@PathParam("id") String id) {
        // PostgreSQL takes no NUL, so no stream has one.
        var found = id.indexOf('\0') >= 0 ? noStream() : answered(events.ofStream(id));
        return found.map(list -> {
            if (list.isEmpty()) {
                throw ApiException.of(ErrorCode.NOT_FOUND, "No event of this stream is kept", "id");
            }
            return new StreamTimeline(id, list);
        });
    }

    /** Figures of a time span, by default the last hour. */
    @GET
    @Path("/summary")
    @Operation(summary = "Figures of a time span, by default the last hour; times are RFC 3339")
    @APIResponse(responseCode = "200", description = "The figures, all zero when nothing happened")
    @APIResponse(responseCode = "400", description = "A time that is none, or a span that ends before it begins")
    public Uni<Summary> summary(@QueryParam("from") @Nullable String from, @QueryParam("to") @Nullable String to) {
        var end = to == null ? clock.instant() : time("to", to);
        var start = from == null ? end.minus(DEFAULT_SPAN) : time("from", from);
        if (!start.isBefore(end)) {
            throw ApiException.of(ErrorCode.INVALID_REQUEST, "from must be before to", "from");
        }
        return answered(summaries.between(start, end));
    }

    private <T> Uni<T> answered(Uni<T> answer) {
        return answer.onFailure(failure -> !(failure instanceof ApiException))
                .transform(_ ->
                        ApiException.retryLater(ErrorCode.UNAVAILABLE, "The event store is unavailable", retryAfter));
    }

    private static Uni<List<StoredEvent>> noStream() {
        return Uni.createFrom().item(List.of());
    }

    private static Instant time(String name, String text) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() < 1 || time.getYear() > 9999) {
                throw new DateTimeException("RFC 3339 has years of four digits");
            }
            return time.toInstant();
        } catch (DateTimeException notATime) {
            throw ApiException.of(ErrorCode.INVALID_REQUEST, name + " must be an RFC 3339 time", name);
        }
    }
}
