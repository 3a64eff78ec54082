package dev.sluice.collector.query;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** All events of one stream, in order. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record StreamTimeline(String streamId, List<StoredEvent> events) {}
