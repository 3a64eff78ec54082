package dev.sluice.gateway.transport;

import static dev.sluice.gateway.api.ChatBody.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.api.Doubles;
import dev.sluice.gateway.api.Frames;
import dev.sluice.gateway.api.PatientProfile;
import dev.sluice.gateway.api.RawClient;
import dev.sluice.gateway.api.UpstreamCall;
import dev.sluice.gateway.api.UpstreamDouble;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(PatientProfile.class)
class SlowReaderTest {

    private static final String STREAMS = "/v1/streams";
    private static final String FILLER = "x".repeat(4_000);
    private static final int SMALL_WINDOW = 4_096;

    private final UpstreamDouble upstream = Doubles.upstream();

    @Inject
    MeterRegistry meters;

    /** 20 MB pass by ten readers that read nothing; the gateway keeps 1 MB of them, and the eleventh reader gets all. */
    @Test
    void delaysNobodyElseAndCostsBoundedMemory() {
        String model = upstream.model();
        RawClient quick = RawClient.post(STREAMS, body(model));
        UpstreamCall call = upstream.next(model).begin().text("begin");
        quick.until("begin");
        String path = STREAMS + "/" + quick.header("x-stream-id");
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            slow.add(RawClient.connect(SMALL_WINDOW)
                    .send(RawClient.request("GET", path, new byte[0]))
                    .until(RawClient::hasHead));
        }
        long before = pinnedBytes();
        double keptBefore = keptBytes();
        long worst = 0;

        for (int i = 0; i < 5_000; i++) {
            call.text(FILLER);
            if (i % 50 == 0) {
                long started = System.nanoTime();
                String mark = "mark" + i;
                call.text(mark);
                quick.discardUntil(mark);
                worst = Math.max(worst, System.nanoTime() - started);
            }
        }
        call.finish();
        quick.discardUntil("\"type\":\"complete\"");

        assertThat(TimeUnit.NANOSECONDS.toMillis(worst)).isLessThan(500);
        assertThat(keptBytes() - keptBefore).isLessThan(4e6);
        long pinned = pinnedBytes() - before;
        System.out.printf(
                "ten slow readers of 20 MB hold %d KB; another waits %d us at most%n", pinned / 1_000, worst / 1_000);
        assertThat(pinned).isLessThan(8_000_000);
        slow.forEach(RawClient::reset);
    }

    /** One answer, a thousand readers, one of whom never reads: every one of the others gets every event. */
    @Test
    void thousandReadersGetEveryEvent() {
        String model = upstream.model();
        RawClient first = RawClient.post(STREAMS, body(model));
        UpstreamCall call = upstream.next(model).begin().text("begin");
        String path = STREAMS + "/" + first.until("begin").header("x-stream-id");
        RawClient never = RawClient.connect(SMALL_WINDOW).send(RawClient.request("GET", path, new byte[0]));
        List<RawClient> readers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            readers.add(RawClient.get(path));
        }
        readers.forEach(reader -> reader.until("begin"));

        for (int i = 0; i < 50; i++) {
            call.text("word" + i + " ");
        }
        call.finish();

        List<Frames.Frame> expected = first.toEnd().frames().events();
        for (RawClient reader : readers) {
            assertThat(reader.toEnd().frames().events()).isEqualTo(expected);
            reader.close();
        }
        never.reset();
    }

    /** A provider is read no faster than the only reader reads; once that one reads on, everything comes. */
    @Test
    void slowsTheProviderWhenNobodyElseReads() throws InterruptedException {
        String model = upstream.model();
        RawClient client = RawClient.connect(SMALL_WINDOW)
                .send(RawClient.request("POST", STREAMS, body(model).getBytes(StandardCharsets.UTF_8)));
        UpstreamCall call = upstream.next(model).begin();
        AtomicInteger said = new AtomicInteger();
        Thread provider = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 10_000; i++) {
                call.text(FILLER);
                said.incrementAndGet();
            }
            call.finish();
        });

        await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(30)).until(said::get, stays());
        assertThat(said).hasValueLessThan(9_000);

        List<Frames.Frame> events = client.toEnd().frames().events();
        provider.join();
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).id()).isEqualTo(Integer.toString(i));
        }
        assertThat(events.getLast().type()).isEqualTo("complete");
        assertThat(events.stream().filter(frame -> frame.type().equals("chunk")).count())
                .isEqualTo(10_000);
    }

    /** Whether a value is what it was when it was last looked at. */
    private static Predicate<Integer> stays() {
        AtomicInteger last = new AtomicInteger(-1);
        return now -> now > 0 && last.getAndSet(now) == now;
    }

    /** Who falls behind what is kept is told so, as often as that happens, and never misses anything in silence. */
    @Test
    void isToldOfEveryGap() {
        String model = upstream.model();
        RawClient client = RawClient.connect(SMALL_WINDOW)
                .send(RawClient.request("POST", STREAMS, body(model).getBytes(StandardCharsets.UTF_8)));
        UpstreamCall call = upstream.next(model).begin();
        String path = STREAMS + "/" + client.until(RawClient::hasHead).header("x-stream-id");
        RawClient quick = RawClient.get(path);
        for (int i = 0; i < 3_000; i++) {
            call.text(FILLER);
            if (i % 50 == 0) {
                String mark = "mark" + i;
                call.text(mark);
                quick.discardUntil(mark);
            }
        }
        call.finish();

        List<Frames.Frame> events = client.toEnd().frames().events();

        int resets = 0;
        long next = 0;
        for (Frames.Frame frame : events) {
            String id = frame.id();
            if (id == null) {
                assertThat(frame.type()).isEqualTo("reset");
                assertThat(frame.json().at("/data/first_offset").asLong()).isGreaterThan(next);
                next = frame.json().at("/data/first_offset").asLong();
                resets++;
            } else {
                assertThat(id).isEqualTo(Long.toString(next++));
            }
        }
        assertThat(resets).isPositive();
        assertThat(events.getLast().type()).isEqualTo("complete");
    }

    private double keptBytes() {
        return meters.get("sluice.log.bytes").gauge().value();
    }

    private static long pinnedBytes() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() + PooledByteBufAllocator.DEFAULT.pinnedHeapMemory();
    }
}
