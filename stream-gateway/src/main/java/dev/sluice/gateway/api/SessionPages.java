package dev.sluice.gateway.api;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GatewayException;
import dev.sluice.gateway.generation.Session.State;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogs;
import dev.sluice.gateway.log.StreamLogs.Numbered;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists streams, newest first, page by page, however many there are. */
@Singleton
final class SessionPages {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    /** One page looks at no more than this, since it is made on an event loop. */
    private static final int MOST_LOOKED_AT = 10_000;

    private final StreamLogs logs;

    SessionPages(StreamLogs logs) {
        this.logs = logs;
    }

    /**
     * Which streams are wanted.
     *
     * @param limit how many at most
     * @param before only those opened before this number
     * @param wanted whether a state is
     */
    record Query(int limit, long before, Predicate<State> wanted) {

        /**
         * Reads query parameters.
         *
         * @throws GatewayException {@code INVALID_REQUEST} with the parameter at fault
         */
        static Query of(@Nullable String limit, @Nullable String after, @Nullable String state) {
            return new Query(
                    limit == null
                            ? DEFAULT_LIMIT
                            : (int) number(limit, 1, MAX_LIMIT)
                                    .orElseThrow(() -> GatewayException.invalid(
                                            "limit", "limit must be a whole number from 1 to " + MAX_LIMIT + "."))
                                    .longValue(),
                    after == null
                            ? Long.MAX_VALUE
                            : number(after, 0, Long.MAX_VALUE)
                                    .orElseThrow(() -> GatewayException.invalid(
                                            "after", "after must be the next of the page before.")),
                    states(state));
        }

        private static Optional<Long> number(String text, long least, long most) {
            return Optional.of(text)
                    .filter(digits -> digits.matches("[0-9]{1,18}"))
                    .map(Long::parseLong)
                    .filter(value -> value >= least && value <= most);
        }

        private static Predicate<State> states(@Nullable String name) {
            return switch (name) {
                case null -> _ -> true;
                case "running" -> state -> !state.terminal();
                case "ended" -> State::terminal;
                default -> {
                    State only = Arrays.stream(State.values())
                            .filter(state -> state.wireName().equals(name))
                            .findFirst()
                            .orElseThrow(() -> GatewayException.invalid(
                                    "state", "state must be running, ended, or one of the states of a stream."));
                    yield state -> state == only;
                }
            };
        }
    }

    /**
     * Some of the streams.
     *
     * @param logs newest first
     * @param next where the next page begins, null after the last one; a page may be short, even empty, before that
     */
    record Page(List<StreamLog> logs, @Nullable Long next) {}

    /** Returns one page of these callers' streams. */
    Page page(Set<Caller> owners, Query query) {
        PriorityQueue<Ahead> heads =
                new PriorityQueue<>(Comparator.comparingLong(Ahead::number).reversed());
        owners.forEach(owner -> advance(logs.newestFirst(owner, query.before()), heads));
        List<StreamLog> found = new ArrayList<>();
        long last = query.before();
        for (int looked = 0; looked < MOST_LOOKED_AT && found.size() < query.limit(); looked++) {
            Ahead newest = heads.poll();
            if (newest == null) {
                break;
            }
            last = newest.number();
            StreamLog log = newest.first().log();
            if (query.wanted().test(log.session().standing().state())) {
                found.add(log);
            }
            advance(newest.rest(), heads);
        }
        return new Page(found, heads.isEmpty() ? null : last);
    }

    private static void advance(Iterator<Numbered> rest, PriorityQueue<Ahead> heads) {
        if (rest.hasNext()) {
            heads.add(new Ahead(rest.next(), rest));
        }
    }

    /** One caller's streams: the newest that was not looked at, and those behind it. */
    private record Ahead(Numbered first, Iterator<Numbered> rest) {

        long number() {
            return first.number();
        }
    }
}
