package dev.sluice.collector.ingest;

import dev.sluice.collector.api.ApiException;
import dev.sluice.collector.api.ErrorCode;
import dev.sluice.collector.settings.CollectorSettings;
import dev.sluice.collector.storage.StoreUnavailableException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Takes batches of events. */
@Path("/api/telemetry")
public final class IngestResource {

    private final Ingestor ingestor;
    private final Duration retryAfter;

    IngestResource(Ingestor ingestor, CollectorSettings settings) {
        this.ingestor = ingestor;
        this.retryAfter = settings.retryAfter();
    }

    /** Answers 200 after the commit. Any other answer leaves it open whether events were stored; sending them again is safe. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Store a batch of events",
            description =
                    "Answers 200 only for what is durable. Bad events are rejected one by one. Resending is safe.")
    @APIResponse(responseCode = "200", description = "Every event is durable, a duplicate, or rejected for good")
    @APIResponse(responseCode = "400", description = "Not a batch")
    @APIResponse(responseCode = "413", description = "Too many events or bytes")
    @APIResponse(responseCode = "415", description = "Not JSON, or a coding other than gzip")
    @APIResponse(responseCode = "503", description = "Behind, or PostgreSQL is away; see Retry-After")
    public Uni<BatchAnswer> ingest(
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Parameter(hidden = true) @Nullable String contentType,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String coding,
            byte @Nullable [] body) {
        if (contentType == null) {
            throw ApiException.of(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json", "Content-Type");
        }
        return ingestor.ingest(body == null ? new byte[0] : body, coding)
                .onFailure(StoreUnavailableException.class)
                .transform(_ ->
                        ApiException.retryLater(ErrorCode.UNAVAILABLE, "The event store is unavailable", retryAfter));
    }
}
