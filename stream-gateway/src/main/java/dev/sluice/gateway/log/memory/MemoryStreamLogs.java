package dev.sluice.gateway.log.memory;

import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.StreamKey;
import dev.sluice.gateway.log.ReaderListener;
import dev.sluice.gateway.log.StreamLog;
import dev.sluice.gateway.log.StreamLogConfig;
import dev.sluice.gateway.log.StreamLogs;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Vertx;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All logs of this process. An ended log is forgotten when its time is over, or earlier when all logs together grow too
 * large: those that ended first go first. Running ones are never forgotten; each has its own bound.
 */
@Singleton
public final class MemoryStreamLogs implements StreamLogs {

    /** What an empty log, its key and its place in the map cost, roughly. */
    private static final long LOG_OVERHEAD_BYTES = 1_024;

    private static final long SWEEP_MILLIS = 1_000;

    private final StreamLogConfig config;
    private final Vertx vertx;
    private final Map<StreamKey, Kept> logs = new ConcurrentHashMap<>();
    private final NavigableMap<Place, StreamLog> places = new ConcurrentSkipListMap<>();
    private final AtomicLong opened = new AtomicLong();
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    public MemoryStreamLogs(StreamLogConfig config, Vertx vertx, MeterRegistry meters) {
        this.config = config;
        this.vertx = vertx;
        meters.gauge("sluice.log.bytes", bytes);
        meters.gaugeMapSize("sluice.log.streams", Tags.empty(), logs);
    }

    @PostConstruct
    void sweepRegularly() {
        vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep(System.nanoTime()));
    }

    @Override
    public Optional<StreamLog> open(GenerationInfo info, ReaderListener listener) {
        MemoryStreamLog log = new MemoryStreamLog(
                info, config.maxBytesPerStream().asLongValue(), listener, bytes::addAndGet, () -> ended(info.key()));
        Place place = new Place(info.key().owner().name(), opened.incrementAndGet());
        if (logs.putIfAbsent(info.key(), new Kept(place, log)) != null) {
            return Optional.empty();
        }
        places.put(place, log);
        bytes.addAndGet(LOG_OVERHEAD_BYTES);
        return Optional.of(log);
    }

    @Override
    public Optional<StreamLog> find(StreamKey key) {
        return Optional.ofNullable(logs.get(key)).map(Kept::log);
    }

    @Override
    public Iterator<Numbered> newestFirst(Caller owner, long before) {
        return places
                .subMap(new Place(owner.name(), before), false, new Place(owner.name(), 0), true)
                .entrySet()
                .stream()
                .map(entry -> new Numbered(entry.getKey().number(), entry.getValue()))
                .iterator();
    }

    private void ended(StreamKey key) {
        ended.add(new Ended(key, System.nanoTime()));
        while (bytes.get() > config.maxBytes().asLongValue()) {
            Ended oldest = ended.poll();
            if (oldest == null) {
                return;
            }
            forget(oldest.key());
        }
    }

    /** Forgets what is over its time. */
    void sweep(long nowNanos) {
        long keepNanos = config.keepEnded().toNanos();
        for (Ended oldest = ended.peek(); oldest != null; oldest = ended.peek()) {
            if (nowNanos - oldest.atNanos() < keepNanos) {
                return;
            }
            if (ended.remove(oldest)) {
                forget(oldest.key());
            }
        }
    }

    private void forget(StreamKey key) {
        Kept kept = logs.remove(key);
        if (kept != null) {
            places.remove(kept.place());
            bytes.addAndGet(-LOG_OVERHEAD_BYTES - kept.log().bytes());
        }
    }

    private record Kept(Place place, MemoryStreamLog log) {}

    /** Logs of one caller lie side by side, those opened last first. */
    private record Place(String owner, long number) implements Comparable<Place> {

        private static final Comparator<Place> ORDER = Comparator.comparing(Place::owner)
                .thenComparing(Comparator.comparingLong(Place::number).reversed());

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private record Ended(StreamKey key, long atNanos) {}
}
