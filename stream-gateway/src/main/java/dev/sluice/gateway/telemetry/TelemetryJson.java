package dev.sluice.gateway.telemetry;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.generation.ChunkGaps;
import dev.sluice.gateway.generation.GatewayError;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.Figures;
import dev.sluice.gateway.generation.Target;
import dev.sluice.stream.TokenUsage;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Writes batches as the telemetry contract says. */
final class TelemetryJson {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final TelemetrySource source;

    TelemetryJson(TelemetrySource source) {
        this.source = source;
    }

    byte[] batch(List<TelemetryEvent> events) {
        Utf8Buffer out = new Utf8Buffer(512 * events.size());
        out.raw("{\"source\":{\"kind\":\"gateway\",\"id\":").string(source.id());
        out.raw(",\"instance_id\":").string(source.instanceId());
        out.raw(",\"version\":").string(source.version()).raw("},\"events\":[");
        String separator = "";
        for (TelemetryEvent event : events) {
            out.raw(separator);
            event(event, out);
            separator = ",";
        }
        return out.raw("]}").toBytes();
    }

    private void event(TelemetryEvent event, Utf8Buffer out) {
        out.raw("{\"event_id\":").string(event.id().toString());
        out.raw(",\"seq\":").number(event.seq());
        out.raw(",\"event_time\":").string(TIME.format(event.time()));
        switch (event.fact()) {
            case Fact.Reached reached -> milestone(reached.milestone(), new Fields(out));
            case Fact.Dropped dropped ->
                new Fields(out)
                        .text("type", "telemetry.dropped")
                        .text("stream_id", source.instanceId())
                        .number("dropped", dropped.count())
                        .text("reason", dropped.reason());
        }
        out.raw("}");
    }

    private void milestone(Milestone milestone, Fields fields) {
        switch (milestone) {
            case Milestone.Started started ->
                request(stream("stream.started", started.generation(), fields), started.generation());
            case Milestone.AttemptFailed failed -> attemptFailed(failed, fields);
            case Milestone.FirstChunk first ->
                target(stream("stream.first_chunk", first.generation(), fields), first.target())
                        .number("attempt", first.attempt())
                        .millis("time_to_first_chunk_ms", first.timeToFirstChunk());
            case Milestone.Continued continued ->
                target(stream("stream.continued", continued.generation(), fields), continued.target())
                        .number("attempt", continued.attempt());
            case Milestone.Completed completed ->
                ended("stream.completed", "completed", completed.generation(), completed.figures(), fields)
                        .text("finish_reason", completed.finishReason().wireName());
            case Milestone.Failed failed ->
                error(
                        ended("stream.failed", "failed", failed.generation(), failed.figures(), fields),
                        failed.error(),
                        failed.error().status());
            case Milestone.Aborted aborted ->
                ended("stream.aborted", "aborted", aborted.generation(), aborted.figures(), fields)
                        .text("aborted_by", aborted.by().name().toLowerCase(Locale.ROOT));
            case Milestone.Resumed resumed ->
                stream("stream.resumed", resumed.generation(), fields).number("from_offset", resumed.fromOffset());
            case Milestone.BreakerChanged changed ->
                target(fields.text("type", "breaker.changed").text("stream_id", source.instanceId()), changed.target())
                        .text("breaker_from", changed.from())
                        .text("breaker_to", changed.to())
                        .text("reason", changed.by().name().toLowerCase(Locale.ROOT));
            case Milestone.Rejected rejected ->
                error(
                        fields.text("type", "request.rejected")
                                .text("stream_id", source.instanceId())
                                .text("endpoint", rejected.endpoint())
                                .text("request_model", rejected.model())
                                .text("outcome", "rejected"),
                        rejected.error(),
                        rejected.error().status());
        }
    }

    private static void attemptFailed(Milestone.AttemptFailed failed, Fields fields) {
        target(stream("attempt.failed", failed.generation(), fields), failed.target())
                .number("attempt", failed.attempt());
        error(fields, failed.error(), failed.upstreamStatus());
        fields.millis("retry_in_ms", failed.retryIn());
    }

    private static Fields ended(String type, String outcome, GenerationInfo info, Figures figures, Fields fields) {
        request(stream(type, info, fields), info).text("response_model", figures.responseModel());
        Target target = figures.target();
        if (target != null) {
            target(fields, target);
        }
        fields.text("outcome", outcome).number("attempts", figures.attempts());
        TokenUsage usage = figures.usage();
        if (usage != null) {
            fields.number("input_tokens", usage.inputTokens())
                    .number("output_tokens", usage.outputTokens())
                    .number("cached_tokens", usage.cachedTokens())
                    .number("reasoning_tokens", usage.reasoningTokens())
                    .flag("usage_estimated", figures.usageEstimated());
        }
        fields.number("chunk_count", figures.chunks())
                .number("text_bytes", figures.textBytes())
                .millis("time_to_first_chunk_ms", figures.timeToFirstChunk())
                .millis("duration_ms", figures.duration());
        gaps(figures.gaps(), fields);
        return fields;
    }

    private static void gaps(ChunkGaps gaps, Fields fields) {
        if (gaps.maxNanos() > 0) {
            fields.millis("chunk_gap_max_ms", Duration.ofNanos(gaps.maxNanos())).histogram("chunk_gaps_ms", gaps);
        }
    }

    private static Fields stream(String type, GenerationInfo info, Fields fields) {
        return fields.text("type", type)
                .text("stream_id", info.key().id().value())
                .text("request_model", info.model());
    }

    private static Fields request(Fields fields, GenerationInfo info) {
        return fields.text("operation", "chat")
                .text("endpoint", info.endpoint())
                .flag("streamed", info.streamed());
    }

    private static Fields target(Fields fields, Target target) {
        return fields.text("provider_name", target.endpoint().name()).text("target_model", target.model());
    }

    private static Fields error(Fields fields, GatewayError error, int status) {
        fields.text("error_type", error.code().name());
        if (status > 0) {
            fields.number("http_status", status);
        }
        return error.phase() == null
                ? fields
                : fields.text("phase", error.phase().wireName());
    }
}
