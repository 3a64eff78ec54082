package dev.sluice.collector.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.collector.api.ApiException;
import dev.sluice.collector.api.ErrorCode;
import dev.sluice.collector.settings.CollectorSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From a body to its checked events. Works as long as a body of the greatest size takes: not for an event loop. */
@Singleton
final class BatchDecoder {

    /** Our own mapper: the application's is made lenient or strict for other reasons. */
    private static final ObjectReader READER = JsonMapper.builder(new JsonFactory())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private static final FieldRule TEXT = new FieldRule.Text();

    private final EventDecoder events;
    private final Clock clock;
    private final BodyInflater inflater;
    private final int maxEvents;

    BatchDecoder(EventDecoder events, Clock clock, CollectorSettings settings) {
        this.events = events;
        this.clock = clock;
        this.inflater =
                new BodyInflater(Math.toIntExact(settings.limits().maxBody().asLongValue()));
        this.maxEvents = settings.limits().maxEvents();
    }

    /**
     * One result for each event, in the order of the batch.
     *
     * @throws ApiException when the batch as a whole cannot be taken
     */
    List<Checked> decode(byte[] body, @Nullable String coding) {
        var json = parse(inflater.inflate(body, coding));
        if (!json.isObject()) {
            throw invalid("The body must be a JSON object", null);
        }
        var array = json.path("events");
        if (!array.isArray()) {
            throw invalid("events must be an array", "events");
        }
        if (array.size() > maxEvents) {
            throw ApiException.of(
                    ErrorCode.PAYLOAD_TOO_LARGE, "A batch must not hold more than " + maxEvents + " events", "events");
        }
        var source = source(json.path("source"));
        var receivedAt = clock.instant();
        var checked = new ArrayList<Checked>(array.size());
        for (var index = 0; index < array.size(); index++) {
            checked.add(events.decode(index, array.path(index), source, receivedAt));
        }
        return checked;
    }

    private static JsonNode parse(byte[] body) {
        try {
            return READER.readTree(body);
        } catch (IOException notJson) {
            throw invalid("The body is not valid JSON", null);
        }
    }

    private static Source source(JsonNode json) {
        var version = json.path("version");
        return new Source(
                text(json, "kind"),
                text(json, "id"),
                text(json, "instance_id"),
                version.isMissingNode() || version.isNull() ? null : text(json, "version"));
    }

    private static String text(JsonNode source, String field) {
        if (TEXT.accept(source.path(field)) instanceof String text) {
            return text;
        }
        throw invalid("source." + field + " must be " + TEXT.expectation(), "source." + field);
    }

    private static ApiException invalid(String message, @Nullable String param) {
        return ApiException.of(ErrorCode.INVALID_REQUEST, message, param);
    }
}
