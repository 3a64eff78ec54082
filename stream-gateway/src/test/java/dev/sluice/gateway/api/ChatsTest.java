package dev.sluice.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.api.Chats.Chat;
import dev.sluice.gateway.api.Chats.Turn;
import dev.sluice.gateway.dialect.uimessage.UiMessageDialect;
import dev.sluice.gateway.generation.Caller;
import dev.sluice.gateway.generation.ChunkGaps;
import dev.sluice.gateway.generation.GenerationInfo;
import dev.sluice.gateway.generation.Milestone;
import dev.sluice.gateway.generation.Milestone.AbortedBy;
import dev.sluice.gateway.generation.StreamId;
import dev.sluice.gateway.generation.StreamKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChatsTest {

    private static final Chat CHAT = new Chat(Caller.ANONYMOUS, "chat");

    private final Chats chats = new Chats();

    private static Turn turn(String stream) {
        return new Turn(new StreamKey(Caller.ANONYMOUS, new StreamId(stream)), new UiMessageDialect(null));
    }

    private static GenerationInfo info(Turn turn) {
        return new GenerationInfo(turn.stream(), "demo", "/api/chat", true, null, Instant.EPOCH);
    }

    private static Milestone ended(Turn turn) {
        return new Milestone.Aborted(
                info(turn),
                new Milestone.Figures(
                        null, null, 0, null, false, 0, 0, null, Duration.ZERO, new ChunkGaps.Recorder().snapshot()),
                AbortedBy.CALLER);
    }

    private String start(Turn turn) {
        chats.onMilestone(new Milestone.Started(info(turn)));
        return "log";
    }

    @Test
    void turnRunsBeforeAnybodyCanSeeItsStream() {
        chats.begin(CHAT, turn("one"), () -> {
            start(turn("one"));
            assertThat(chats.running(CHAT)).contains(turn("one"));
            return "log";
        });
    }

    @Test
    void endOfATurnThatWasReplacedLeavesTheNewOne() {
        chats.begin(CHAT, turn("one"), () -> start(turn("one")));
        assertThat(chats.begin(CHAT, turn("two"), () -> start(turn("two"))).replaced())
                .contains(turn("one"));

        chats.onMilestone(ended(turn("one")));

        assertThat(chats.running(CHAT)).contains(turn("two"));
        chats.onMilestone(ended(turn("two")));
        assertThat(chats.running(CHAT)).isEmpty();
        assertThat(chats.size()).isZero();
    }

    @Test
    void turnThatEndsWhileItStartsIsNotKept() {
        chats.begin(CHAT, turn("one"), () -> {
            start(turn("one"));
            chats.onMilestone(ended(turn("one")));
            return "log";
        });

        assertThat(chats.running(CHAT)).isEmpty();
        assertThat(chats.size()).isZero();
    }

    @Test
    void turnThatDoesNotStartLeavesTheOneThatRuns() {
        chats.begin(CHAT, turn("one"), () -> start(turn("one")));

        assertThatThrownBy(() -> chats.begin(CHAT, turn("two"), () -> {
                    throw new IllegalStateException("refused");
                }))
                .hasMessage("refused");

        assertThat(chats.running(CHAT)).contains(turn("one"));
        assertThat(chats.size()).isOne();
    }

    @Test
    void endsFromOtherThreadsLeaveNothingBehind() throws InterruptedException {
        AtomicInteger names = new AtomicInteger();
        try (ExecutorService starters = Executors.newFixedThreadPool(4);
                ExecutorService enders = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 20_000; i++) {
                starters.execute(() -> {
                    Turn turn = turn("s" + names.incrementAndGet());
                    chats.begin(CHAT, turn, () -> {
                        start(turn);
                        enders.execute(() -> chats.onMilestone(ended(turn)));
                        return "log";
                    });
                });
            }
            starters.shutdown();
            assertThat(starters.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(chats.running(CHAT)).isEmpty();
        assertThat(chats.size()).isZero();
    }
}
