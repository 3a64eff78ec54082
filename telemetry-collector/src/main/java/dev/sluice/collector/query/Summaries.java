package dev.sluice.collector.query;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Adds streams up in SQL, over the views. Must be called on a Vert.x context, as every resource method is. */
@Singleton
class Summaries {

    private static final String FIGURES = """
            count(*) FILTER (WHERE outcome = 'completed'),
            count(*) FILTER (WHERE outcome = 'failed'),
            count(*) FILTER (WHERE outcome = 'aborted'),
            coalesce(sum(input_tokens), 0)::bigint,
            coalesce(sum(output_tokens), 0)::bigint,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY time_to_first_chunk_ms),
            percentile_cont(0.95) WITHIN GROUP (ORDER BY time_to_first_chunk_ms),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms),
            percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms)
            FROM telemetry_api.streams
            WHERE ended_at >= :from AND ended_at < :to
            """;

    private static final String GROUP_ORDER = " ORDER BY count(*) DESC, 1 LIMIT 100";

    private static final String COUNTS = """
            SELECT count(*) FILTER (WHERE type = 'stream.started'),
                   count(*) FILTER (WHERE type = 'request.rejected')
            FROM telemetry_api.events
            WHERE event_time >= :from AND event_time < :to AND type IN ('stream.started', 'request.rejected')
            """;

    private static final String ERRORS = """
            SELECT error_type, count(*)
            FROM (SELECT error_type FROM telemetry_api.streams
                  WHERE ended_at >= :from AND ended_at < :to AND error_type IS NOT NULL
                  UNION ALL
                  SELECT error_type FROM telemetry_api.events
                  WHERE event_time >= :from AND event_time < :to AND type = 'request.rejected'
                    AND error_type IS NOT NULL) AS ended
            GROUP BY error_type ORDER BY count(*) DESC, error_type LIMIT 10
            """;

    /** The summary of a time span. */
    Uni<Summary> between(Instant from, Instant to) {
        // One after the other: a session must not be used by two queries at once.
        return Panache.withSession(() -> Panache.getSession()
                .chain(session -> rows(session, COUNTS, from, to)
                        .chain(counts -> rows(session, "SELECT NULL::text, " + FIGURES, from, to)
                                .chain(totals -> groups(session, "request_model", from, to)
                                        .chain(models -> groups(session, "provider_name", from, to)
                                                .chain(providers -> rows(session, ERRORS, from, to)
                                                        .map(errors -> new Summary(
                                                                from,
                                                                to,
                                                                whole(counts.getFirst()[0]),
                                                                whole(counts.getFirst()[1]),
                                                                figures(totals.getFirst()),
                                                                models,
                                                                providers,
                                                                errors.stream()
                                                                        .map(Summaries::error)
                                                                        .toList()))))))));
    }

    private static Uni<List<Summary.Group>> groups(Mutiny.Session session, String column, Instant from, Instant to) {
        return rows(session, "SELECT " + column + ", " + FIGURES + " GROUP BY 1" + GROUP_ORDER, from, to)
                .map(rows -> rows.stream()
                        .map(row -> new Summary.Group(row[0] instanceof String name ? name : null, figures(row)))
                        .toList());
    }

    private static Uni<List<Object[]>> rows(Mutiny.Session session, String sql, Instant from, Instant to) {
        return session.createNativeQuery(sql, Object[].class)
                .setParameter("from", OffsetDateTime.ofInstant(from, ZoneOffset.UTC))
                .setParameter("to", OffsetDateTime.ofInstant(to, ZoneOffset.UTC))
                .getResultList();
    }

    /** The columns of {@link #FIGURES}, after one that names the group. */
    private static Summary.Figures figures(Object[] row) {
        return new Summary.Figures(
                whole(row[1]),
                whole(row[2]),
                whole(row[3]),
                whole(row[4]),
                whole(row[5]),
                new Summary.Percentiles(fraction(row[6]), fraction(row[7])),
                new Summary.Percentiles(fraction(row[8]), fraction(row[9])));
    }

    private static Summary.ErrorCount error(Object[] row) {
        return new Summary.ErrorCount(String.valueOf(row[0]), whole(row[1]));
    }

    private static long whole(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private static @Nullable Double fraction(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : null;
    }
}
