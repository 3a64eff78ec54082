package dev.sluice.collector.query;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of {@code telemetry_api.events}; as JSON it has the wire's names and leaves out what the event does not have. */
@Entity
@Immutable
@Table(schema = "telemetry_api", name = "events")
@IdClass(StoredEvent.Key.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
class StoredEvent {

    /** What identifies an event. */
    static class Key {
        @Nullable
        String streamId;

        @Nullable
        UUID eventId;

        @Nullable
        Instant eventTime;

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && Objects.equals(streamId, key.streamId)
                    && Objects.equals(eventId, key.eventId)
                    && Objects.equals(eventTime, key.eventTime);
        }

        @Override
        public int hashCode() {
            return Objects.hash(streamId, eventId, eventTime);
        }
    }

    @Id
    @Nullable
    String streamId;

    @Id
    @Nullable
    UUID eventId;

    @Id
    @JsonSerialize(using = InstantText.class)
    @Nullable
    Instant eventTime;

    @Nullable
    Long seq;

    @Nullable
    String type;

    @Nullable
    String operation;

    @Nullable
    String endpoint;

    @Nullable
    Boolean streamed;

    @Nullable
    String requestModel;

    @Nullable
    String responseModel;

    @Nullable
    String providerName;

    @Nullable
    String targetModel;

    @Nullable
    String outcome;

    @Nullable
    String abortedBy;

    @Nullable
    String errorType;

    @Nullable
    Integer httpStatus;

    @Nullable
    String phase;

    @Nullable
    Integer attempt;

    @Nullable
    Integer attempts;

    @Nullable
    String finishReason;

    @Nullable
    Long inputTokens;

    @Nullable
    Long outputTokens;

    @Nullable
    Long cachedTokens;

    @Nullable
    Long reasoningTokens;

    @Nullable
    Boolean usageEstimated;

    @Nullable
    Long chunkCount;

    @Nullable
    Long textBytes;

    @Nullable
    Double timeToFirstChunkMs;

    @Nullable
    Double durationMs;

    @Nullable
    Double retryInMs;

    @Nullable
    Double chunkGapMaxMs;

    @ColumnTransformer(read = "chunk_gaps_ms::text")
    @JsonRawValue
    @Nullable
    String chunkGapsMs;

    @Nullable
    Long fromOffset;

    @Nullable
    String breakerFrom;

    @Nullable
    String breakerTo;

    @Nullable
    Long dropped;

    @Nullable
    String reason;

    @Nullable
    String sourceKind;

    @Nullable
    String sourceId;

    @Nullable
    String sourceInstanceId;

    @Nullable
    String sourceVersion;

    @JsonSerialize(using = InstantText.class)
    @Nullable
    Instant receivedAt;
}
