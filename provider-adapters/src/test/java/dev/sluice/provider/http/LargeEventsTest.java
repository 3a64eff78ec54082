package dev.sluice.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.ProviderException;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What large unfinished events take of the memory that all streams share, and that they give it back. */
class LargeEventsTest {

    private static final int KIB = 1024;
    private static final int MAX = 2 * KIB * KIB;

    private final MemoryShare memory = new MemoryShare(KIB * KIB);
    private final SseParser parser = new SseParser(MAX, memory);
    private final SseEvents events = new SseEvents(parser);

    @Test
    void usualEventsTakeNothingHoweverTheyAreCut() {
        MemoryShare none = new MemoryShare(0);
        SseEvents frugal = new SseEvents(new SseParser(MAX, none));

        frugal.feedByteByByte(bytes(("data: " + "x".repeat(64 * KIB - 6) + "\n\n").repeat(2)));

        assertThat(frugal.seen()).hasSize(2);
    }

    @Test
    void aLargeEventTakesUntilItIsWhole() {
        events.feed(bytes("data: " + "x".repeat(300 * KIB)));
        assertThat(memory.taken()).isBetween(200L * KIB, 512L * KIB);

        events.feed(bytes("\ndata: y"));
        assertThat(memory.taken()).as("its lines are joined").isPositive();

        events.feed(bytes("\n\n"));
        assertThat(events.seen()).hasSize(1);
        assertThat(memory.taken()).isZero();
    }

    @Test
    void aLargeEventThatTheEndCutsShortIsHandedOutAndGivenBack() {
        events.feed(bytes("data: " + "x".repeat(300 * KIB)));

        parser.dispatchPending(events);

        assertThat(events.seen()).hasSize(1);
        assertThat(memory.taken()).isZero();
    }

    @Test
    void closingGivesEverythingBackOnce() {
        EventStreamDecoder document = new EventStreamDecoder(new Ignoring(), MAX, memory);
        byte[] json = bytes("{" + " ".repeat(300 * KIB));
        document.feed(json, 0, json.length, _ -> {});
        events.feed(bytes("data: " + "x".repeat(200 * KIB) + "\ndata: " + "y".repeat(100 * KIB)));
        assertThat(memory.taken()).isGreaterThan(300L * KIB);

        for (int i = 0; i < 2; i++) {
            document.close();
            parser.close();
            assertThat(memory.taken()).isZero();
        }
    }

    @Test
    void whatDoesNotFitFailsTheStreamThatBringsItAndTakesNothing() {
        SseEvents other = new SseEvents(new SseParser(MAX, memory));
        other.feed(bytes("data: " + "x".repeat(500 * KIB)));
        long before = memory.taken();

        assertThatThrownBy(() -> events.feed(bytes("data: " + "y".repeat(900 * KIB))))
                .isInstanceOfSatisfying(ProviderException.class, thrown -> {
                    assertThat(thrown.failure()).isInstanceOf(ProviderFailure.ShortOfMemory.class);
                    assertThat(thrown.failure().retryable()).isTrue();
                });

        assertThat(memory.taken()).isEqualTo(before);
        other.feed(bytes("\n\n"));
        assertThat(other.seen()).hasSize(1);
    }

    private static final class Ignoring implements EventReader {

        @Override
        public void onEvent(@Nullable String type, byte[] data, int offset, int length, Consumer<Chunk> sink) {}

        @Override
        public void onUnknownLine(byte[] line, int offset, int length, Consumer<Chunk> sink) {}

        @Override
        public void onDocument(byte[] json, int offset, int length, Consumer<Chunk> sink) {}

        @Override
        public void onEnd(Consumer<Chunk> sink) {}

        @Override
        public AnswerDecoder.Progress progress() {
            return AnswerDecoder.Progress.OPEN;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
