package dev.sluice.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of connections: kept where that is right, closed at once where nobody wants the answer any more. */
class OpenAiConnectionsTest {

    private static final OpenAiCaller CALLER = new OpenAiCaller();
    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final String DELTA = Decoded.json("data: {'choices':[{'delta':{'content':'a'}}]}\n\n");
    private static final String STOP = Decoded.json("data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n\n");
    private static final String DONE = "data: [DONE]\n\n";

    @AfterAll
    static void close() {
        CALLER.close();
    }

    @Test
    void aConnectionCarriesOneAnswerAfterAnother() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.stream(DELTA + STOP + DONE))) {
            Context context = CALLER.vertx().getOrCreateContext();
            for (int i = 0; i < 5; i++) {
                assertThat(askOn(context, server)).hasSize(3);
            }
            assertThat(server.connectionsSeen()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"})
    void whatComesBeforeTheAnswerIsSkipped(String interim) throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(interim + interim);
            connection.say(interim);
            connection.say(ScriptedServer.stream(DELTA + STOP + DONE));
        })) {
            Context context = CALLER.vertx().getOrCreateContext();
            for (int i = 0; i < 3; i++) {
                assertThat(askOn(context, server)).hasSize(3);
            }
            assertThat(server.connectionsSeen()).isEqualTo(1);
        }
    }

    /** Its answer is still to come, and the next request must not be given it. */
    @Test
    void aConnectionWithAnInterimAnswerThatCannotBeReadPastIsNotUsedAgain() throws IOException {
        CountDownLatch refused = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(connection -> {
            if (requests.incrementAndGet() == 1) {
                connection.say("HTTP/1.1 102 Processing\r\n\r\n");
                await(refused);
                connection.say(ScriptedServer.stream(STOP + DONE));
            } else {
                connection.say(ScriptedServer.stream(DELTA + STOP + DONE));
            }
        })) {
            Context context = CALLER.vertx().getOrCreateContext();
            assertThat(failsOn(context, server)).isNotNull();
            refused.countDown();
            for (int i = 0; i < 3; i++) {
                assertThat(askOn(context, server)).hasSize(3);
            }
            assertThat(server.connectionsSeen()).isEqualTo(2);
        }
    }

    @Test
    void aRefusalDoesNotCostTheConnection() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.response("429 Slow", "", "{}"))) {
            Context context = CALLER.vertx().getOrCreateContext();
            for (int i = 0; i < 3; i++) {
                assertThat(failsOn(context, server)).isNotNull();
            }
            assertThat(server.connectionsSeen()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerIsOverWhenItIsCompleteAndNotWhenTheServerCloses() throws IOException {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(ScriptedServer.streamHead() + ScriptedServer.httpChunk(DELTA + STOP + DONE));
            connection.awaitClose();
            closed.complete(null);
        })) {
            long start = System.nanoTime();
            assertThat(CALLER.ask(server.baseUrl())).hasSize(3);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
            closed.orTimeout(5, TimeUnit.SECONDS).join();
        }
    }

    @Test
    void aFinishWithoutAnythingAfterItIsNotWaitedForLong() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(ScriptedServer.streamHead() + ScriptedServer.httpChunk(DELTA + STOP));
            connection.awaitClose();
        })) {
            assertThat(CALLER.ask(server.baseUrl())).hasSize(3);
        }
    }

    @Test
    void anAnswerMayComeByteByByte() throws IOException {
        byte[] answer = Decoded.utf8(ScriptedServer.stream(DELTA + STOP + DONE));
        try (ScriptedServer server = new ScriptedServer(connection -> {
            for (byte b : answer) {
                connection.say(new byte[] {b});
            }
        })) {
            assertThat(CALLER.ask(server.baseUrl())).hasSize(3);
        }
    }

    @Test
    void anAnswerMayEndWithTheConnection() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + DELTA + STOP);
            connection.hangUp();
        })) {
            assertThat(CALLER.ask(server.baseUrl())).hasSize(3);
        }
    }

    @Test
    void cancellingBeforeTheHeadClosesTheConnectionAtOnce() throws IOException {
        assertThat(timeToClose("", 0)).isLessThan(AT_ONCE);
    }

    @Test
    void cancellingInTheMiddleClosesTheConnectionAtOnce() throws IOException {
        assertThat(timeToClose(ScriptedServer.streamHead() + ScriptedServer.httpChunk(DELTA), 2))
                .isLessThan(AT_ONCE);
    }

    @Test
    void cancellingAPausedStreamClosesTheConnectionAtOnce() throws IOException {
        assertThat(timeToClose(ScriptedServer.streamHead() + ScriptedServer.httpChunk(DELTA.repeat(50)), 1))
                .isLessThan(AT_ONCE);
    }

    @Test
    void cancellingWhileConnectingLeavesNothingBehind() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.stream(DELTA + STOP + DONE))) {
            List<AssertSubscriber<Chunk>> readers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                AssertSubscriber<Chunk> reader = CALLER.subscribe(server.baseUrl(), Long.MAX_VALUE);
                reader.cancel();
                readers.add(reader);
            }
            assertThat(CALLER.ask(server.baseUrl())).hasSize(3);
            assertThat(readers).allSatisfy(AssertSubscriber::assertNotTerminated);
        }
    }

    @Test
    void nothingComesThatWasNotRequested() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.stream(DELTA.repeat(10) + STOP + DONE))) {
            AssertSubscriber<Chunk> reader = CALLER.subscribe(server.baseUrl(), 3);
            reader.awaitItems(3);
            assertThat(reader.getItems()).hasSize(3);
            reader.request(4).awaitItems(7);
            assertThat(reader.getItems()).hasSize(7);
            reader.request(5).awaitCompletion(OpenAiCaller.PATIENCE);
            assertThat(reader.getItems()).hasSize(12);
        }
    }

    @Test
    void everythingHappensOnTheContextOfTheSubscriber() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.stream(DELTA + STOP + DONE))) {
            Context context = CALLER.vertx().getOrCreateContext();
            Set<Context> seen = ConcurrentHashMap.newKeySet();
            CompletableFuture<Void> ended = new CompletableFuture<>();

            context.runOnContext(_ -> CALLER.stream(server.baseUrl())
                    .subscribe()
                    .with(
                            _ -> seen.add(Vertx.currentContext()),
                            ended::completeExceptionally,
                            () -> ended.complete(null)));

            ended.orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(seen).containsExactly(context);
        }
    }

    /** Lets a server say something, cancels after so many chunks, and measures how soon the server sees the end. */
    private static Duration timeToClose(String beginning, int chunks) throws IOException {
        CompletableFuture<Void> said = new CompletableFuture<>();
        CompletableFuture<Long> closed = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(beginning);
            said.complete(null);
            connection.awaitClose();
            closed.complete(System.nanoTime());
        })) {
            AssertSubscriber<Chunk> reader = CALLER.subscribe(server.baseUrl(), chunks);
            said.orTimeout(5, TimeUnit.SECONDS).join();
            reader.awaitItems(chunks);
            long cancelled = System.nanoTime();
            reader.cancel();
            long seen = closed.orTimeout(5, TimeUnit.SECONDS).join();
            reader.assertNotTerminated();
            return Duration.ofNanos(seen - cancelled);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Chunk> askOn(Context context, ScriptedServer server) {
        CompletableFuture<List<Chunk>> answer = new CompletableFuture<>();
        context.runOnContext(_ -> CALLER.stream(server.baseUrl())
                .collect()
                .asList()
                .subscribe()
                .with(answer::complete, answer::completeExceptionally));
        return answer.orTimeout(5, TimeUnit.SECONDS).join();
    }

    private static Throwable failsOn(Context context, ScriptedServer server) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        context.runOnContext(_ -> CALLER.stream(server.baseUrl()).subscribe().with(_ -> {}, failure::complete));
        return failure.orTimeout(5, TimeUnit.SECONDS).join();
    }
}
