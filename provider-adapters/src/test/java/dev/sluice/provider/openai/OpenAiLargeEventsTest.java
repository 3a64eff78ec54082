package dev.sluice.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.memory.MemoryShare;
import dev.sluice.provider.ProviderFailure;
import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large events of many streams share a bounded memory, and have it only while they are read. */
class OpenAiLargeEventsTest {

    private static final int KIB = 1024;
    private static final String DELTA = Decoded.json("data: {'choices':[{'delta':{'content':'a'}}]}\n\n");
    private static final String END =
            Decoded.json("data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n\n") + "data: [DONE]\n\n";
    private static final String PIECE = "x".repeat(16 * KIB);

    private final MemoryShare memory = new MemoryShare(1024L * KIB);
    private final OpenAiCaller caller = new OpenAiCaller(memory);

    @AfterEach
    void close() {
        caller.close();
    }

    @Test
    void endlessLinesEndWhenTheMemoryIsSpentAndOtherStreamsGoOn() throws IOException {
        CountDownLatch flooded = new CountDownLatch(1);
        try (ScriptedServer endless = new ScriptedServer(OpenAiLargeEventsTest::endlessLine);
                ScriptedServer usual = new ScriptedServer(connection -> {
                    connection.say(ScriptedServer.streamHead() + ScriptedServer.httpChunk(DELTA));
                    await(flooded);
                    connection.say(ScriptedServer.httpChunk(DELTA + END) + "0\r\n\r\n");
                })) {
            AssertSubscriber<Chunk> beside = caller.subscribe(usual.baseUrl(), Long.MAX_VALUE);
            beside.awaitItems(2);
            List<AssertSubscriber<Chunk>> readers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                readers.add(caller.subscribe(endless.baseUrl(), Long.MAX_VALUE));
            }

            assertThat(readers)
                    .allSatisfy(reader ->
                            assertThat(OpenAiCaller.failure(reader)).isInstanceOf(ProviderFailure.ShortOfMemory.class));
            flooded.countDown();

            beside.awaitCompletion(OpenAiCaller.PATIENCE);
            assertNothingStaysTaken();
        }
    }

    @Test
    void aLargeEventIsReadAndItsMemoryGivenBackWhileTheStreamGoesOn() throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(ScriptedServer.streamHead() + ScriptedServer.httpChunk(large(300)));
            await(seen);
            connection.say(ScriptedServer.httpChunk(END) + "0\r\n\r\n");
        })) {
            AssertSubscriber<Chunk> reader = caller.subscribe(server.baseUrl(), Long.MAX_VALUE);
            reader.awaitItems(2);
            assertNothingStaysTaken();
            seen.countDown();

            reader.awaitCompletion(OpenAiCaller.PATIENCE);
            assertThat(((Chunk.TextDelta) reader.getItems().get(1)).text()).hasSize(300 * KIB);
        }
    }

    @Test
    void aLargeDocumentIsGivenBack() throws IOException {
        String document = Decoded.json("{'choices':[{'message':{'content':'")
                + "x".repeat(300 * KIB)
                + Decoded.json("'},'finish_reason':'stop'}]}");
        try (ScriptedServer server = ScriptedServer.answering(ScriptedServer.response("200 OK", "", document))) {
            assertThat(caller.ask(server.baseUrl())).hasSize(3);
            assertNothingStaysTaken();
        }
    }

    @Test
    void aConnectionThatBreaksAmidALargeEventGivesBack() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(begunLargeEvent());
            awaitTaken();
            connection.reset();
        })) {
            assertThat(caller.fail(server.baseUrl())).isInstanceOf(ProviderFailure.Network.class);
            assertNothingStaysTaken();
        }
    }

    @Test
    void nonsenseAfterAFinishAmidALargeEventGivesBack() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(ScriptedServer.streamHead()
                    + ScriptedServer.httpChunk(
                            Decoded.json("data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n\ndata: ")
                                    + "x".repeat(300 * KIB)));
            connection.awaitClose();
        })) {
            caller.ask(server.baseUrl());
            assertNothingStaysTaken();
        }
    }

    @Test
    void cancellingAmidALargeEventGivesBack() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(begunLargeEvent());
            connection.awaitClose();
        })) {
            AssertSubscriber<Chunk> reader = caller.subscribe(server.baseUrl(), Long.MAX_VALUE);
            awaitTaken();

            reader.cancel();

            assertNothingStaysTaken();
        }
    }

    /** It is still being read then. */
    @Test
    void cancellingFromWithinALargeEventGivesBack() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.say(begunLargeEvent());
            awaitTaken();
            connection.say(ScriptedServer.httpChunk(Decoded.json("'}}]}\n\ndata: ") + "y".repeat(300 * KIB)));
            connection.awaitClose();
        })) {
            List<Chunk> first = caller.stream(server.baseUrl())
                    .select()
                    .first(2)
                    .collect()
                    .asList()
                    .await()
                    .atMost(OpenAiCaller.PATIENCE);

            assertThat(first).hasSize(2);
            assertNothingStaysTaken();
        }
    }

    private static void endlessLine(ScriptedServer.Connection connection) throws IOException {
        connection.say(ScriptedServer.streamHead() + ScriptedServer.httpChunk("data: "));
        String piece = ScriptedServer.httpChunk(PIECE);
        while (true) {
            connection.say(piece);
        }
    }

    private static String begunLargeEvent() {
        String large = large(300);
        return ScriptedServer.streamHead() + ScriptedServer.httpChunk(large.substring(0, large.indexOf("x\"") + 1));
    }

    private static String large(int kibibytes) {
        return DELTA.replace("\"a\"", "\"" + "x".repeat(kibibytes * KIB) + "\"");
    }

    private void awaitTaken() {
        await(taken -> taken > 0);
    }

    /** The event loop may still be about to give back. */
    private void assertNothingStaysTaken() {
        await(taken -> taken == 0);
    }

    private void await(LongPredicate expected) {
        long last = System.nanoTime() + OpenAiCaller.PATIENCE.toNanos();
        while (!expected.test(memory.taken()) && System.nanoTime() < last) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(memory.taken()).matches(expected::test);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
