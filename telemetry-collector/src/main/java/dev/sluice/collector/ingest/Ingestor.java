package dev.sluice.collector.ingest;

import dev.sluice.collector.api.ApiException;
import dev.sluice.collector.api.ErrorCode;
import dev.sluice.collector.settings.CollectorSettings;
import dev.sluice.collector.storage.Disposition;
import dev.sluice.collector.storage.TelemetryEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The way of a batch: room, decoding on a thread of its own, the store, the answer. */
@Singleton
final class Ingestor {

    /** What a request costs in bytes however small its body. */
    private static final int LEAST_COST = 2048;

    private final BatchDecoder decoder;
    private final Coalescer coalescer;
    private final EventLedger ledger;
    private final long maxPendingBytes;
    private final Duration retryAfter;
    private final AtomicLong pendingBytes = new AtomicLong();

    /** As many threads as there are cores: decoding is all computing, and each holds one inflated body at most. */
    private final ExecutorService decoding = Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("decode-", 0).factory());

    Ingestor(BatchDecoder decoder, Coalescer coalescer, EventLedger ledger, CollectorSettings settings) {
        this.decoder = decoder;
        this.coalescer = coalescer;
        this.ledger = ledger;
        this.maxPendingBytes = settings.limits().maxPendingBytes().asLongValue();
        this.retryAfter = settings.retryAfter();
    }

    /** Answers once every event of the body is durable or refused; fails with {@link ApiException} or as the store does. */
    Uni<BatchAnswer> ingest(byte[] body, @Nullable String coding) {
        var cost = Math.max(LEAST_COST, body.length);
        if (pendingBytes.addAndGet(cost) > maxPendingBytes) {
            pendingBytes.addAndGet(-cost);
            return Uni.createFrom().failure(behind());
        }
        return Uni.createFrom()
                .item(() -> decoder.decode(body, coding))
                .runSubscriptionOn(decoding)
                .chain(this::store)
                .onTermination()
                .invoke(() -> pendingBytes.addAndGet(-cost));
    }

    @PreDestroy
    void stop() {
        decoding.shutdown();
    }

    private Uni<BatchAnswer> store(List<Checked> batch) {
        var accepted = new ArrayList<Checked.Accepted>(batch.size());
        var rejections = new ArrayList<Rejection>();
        for (var checked : batch) {
            switch (checked) {
                case Checked.Accepted good -> accepted.add(good);
                case Checked.Refused(var rejection) -> rejections.add(rejection);
            }
        }
        ledger.received(batch.size());
        ledger.rejected(rejections.size());
        if (accepted.isEmpty()) {
            return Uni.createFrom().item(new BatchAnswer(0, 0, rejections));
        }
        List<TelemetryEvent> events =
                accepted.stream().map(Checked.Accepted::event).toList();
        var written = coalescer.submit(events);
        if (written == null) {
            ledger.returned(events.size());
            return Uni.createFrom().failure(behind());
        }
        return written.map(dispositions -> answer(accepted, dispositions, rejections));
    }

    private static BatchAnswer answer(
            List<Checked.Accepted> accepted, List<Disposition> dispositions, List<Rejection> rejections) {
        var inserted = 0;
        var duplicate = 0;
        for (var i = 0; i < accepted.size(); i++) {
            switch (dispositions.get(i)) {
                case INSERTED -> inserted++;
                case DUPLICATE -> duplicate++;
                case QUARANTINED ->
                    rejections.add(new Rejection(
                            accepted.get(i).index(),
                            Rejection.Code.QUARANTINED,
                            "the database cannot hold this event"));
            }
        }
        rejections.sort(Comparator.comparingInt(Rejection::index));
        return new BatchAnswer(inserted, duplicate, rejections);
    }

    private ApiException behind() {
        return ApiException.retryLater(ErrorCode.OVERLOADED, "The collector is behind", retryAfter);
    }
}
