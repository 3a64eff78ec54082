package dev.sluice.gateway.api;

import dev.sluice.gateway.dialect.Utf8Buffer;
import dev.sluice.gateway.dialect.standard.StandardJson;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Session;
import dev.sluice.gateway.generation.Session.End;
import dev.sluice.gateway.generation.Session.Standing;
import dev.sluice.gateway.generation.Target;
import dev.sluice.gateway.log.StreamLog;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How streams stand, as JSON. What is not known is left out. */
final class SessionJson {

    private final boolean namesCallers;

    /**
     * @param namesCallers whether it is said whose stream each is
     */
    SessionJson(boolean namesCallers) {
        this.namesCallers = namesCallers;
    }

    byte[] one(StreamLog log) {
        Utf8Buffer out = new Utf8Buffer(512);
        append(log, out);
        return out.toBytes();
    }

    byte[] page(SessionPages.Page page) {
        Utf8Buffer out = new Utf8Buffer(64 + 512 * page.logs().size()).raw("{\"streams\":[");
        String separator = "";
        for (StreamLog log : page.logs()) {
            out.raw(separator);
            append(log, out);
            separator = ",";
        }
        out.raw("]");
        if (page.next() != null) {
            out.raw(",\"next\":").string(page.next().toString());
        }
        return out.raw("}").toBytes();
    }

    private void append(StreamLog log, Utf8Buffer out) {
        GenerationInfo info = log.info();
        Session session = log.session();
        Standing standing = session.standing();
        out.raw("{\"stream_id\":").string(info.key().id().value());
        if (namesCallers) {
            out.raw(",\"caller\":").string(info.key().owner().name());
        }
        out.raw(",\"state\":").string(standing.state().wireName());
        out.raw(",\"model\":").string(info.model());
        Target target = standing.target();
        if (target != null) {
            out.raw(",\"provider\":").string(target.endpoint().name());
            out.raw(",\"target\":").string(target.toString());
        }
        out.raw(",\"endpoint\":").string(info.endpoint());
        out.raw(",\"attempts\":").number(standing.attempts());
        out.raw(",\"readers\":").number(log.readers());
        out.raw(",\"first_offset\":").number(log.firstOffset());
        out.raw(",\"next_offset\":").number(log.nextOffset());
        out.raw(",\"chunks\":").number(session.chunks());
        out.raw(",\"bytes\":").number(session.textBytes());
        if (standing.timeToFirstChunk() != null) {
            out.raw(",\"time_to_first_chunk_ms\":")
                    .number(standing.timeToFirstChunk().toMillis());
        }
        times(info.acceptedAt(), standing.end(), out);
        out.raw("}");
    }

    private static void times(Instant startedAt, @Nullable End end, Utf8Buffer out) {
        long age = Math.max(0, Duration.between(startedAt, Instant.now()).toMillis());
        out.raw(",\"age_ms\":").number(age);
        out.raw(",\"started_at\":").string(text(startedAt));
        if (end != null) {
            out.raw(",\"ended_at\":").string(text(startedAt.plus(end.duration())));
            out.raw(",\"duration_ms\":").number(end.duration().toMillis());
            if (end.usage() != null) {
                StandardJson.usage(end.usage(), end.usageEstimated(), out);
            }
            if (end.error() != null) {
                out.raw(",\"error\":{\"code\":").string(end.error().name()).raw("}");
            }
            if (end.abortedBy() != null) {
                out.raw(",\"aborted_by\":").string(end.abortedBy().name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
