package dev.sluice.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A sender whose every delivery ends when and how the test says. */
final class HandOperatedSender extends BatchSender {

    private final LinkedBlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostInFlight = new AtomicInteger();

    HandOperatedSender() {
        super(_ -> Uni.createFrom().failure(new AssertionError("nothing reaches the network")));
    }

    /** One batch on its way. */
    final class Delivery {

        private final String json;
        private final UniEmitter<? super Void> emitter;

        private Delivery(String json, UniEmitter<? super Void> emitter) {
            this.json = json;
            this.emitter = emitter;
        }

        String json() {
            return json;
        }

        int events() {
            return json.split("\"event_id\"", -1).length - 1;
        }

        void arrive() {
            inFlight.decrementAndGet();
            emitter.complete(null);
        }

        void fail(Throwable failure) {
            inFlight.decrementAndGet();
            emitter.fail(failure);
        }
    }

    @Override
    Uni<Void> send(byte[] json) {
        return Uni.createFrom().emitter(emitter -> {
            mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            deliveries.add(new Delivery(new String(json, StandardCharsets.UTF_8), emitter));
        });
    }

    @Override
    Uni<Void> sendOnce(byte[] json) {
        return send(json);
    }

    /** Waits for the next delivery. */
    Delivery next() throws InterruptedException {
        Delivery next = deliveries.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("a batch is sent").isNotNull();
        return next;
    }

    boolean idle() {
        return deliveries.isEmpty() && inFlight.get() == 0;
    }

    int mostInFlight() {
        return mostInFlight.get();
    }
}
