package dev.sluice.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Chunk;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A reader that wants nothing makes the server wait: nothing piles up in between. */
class OpenAiBackPressureTest {

    /** A socket that takes nothing for so long is full. */
    private static final Duration STUCK = Duration.ofMillis(700);

    private static final int SOCKET_BUFFERS = 24 * 1024 * 1024;
    private static final byte[] PIECE = Decoded.utf8(ScriptedServer.httpChunk(
            Decoded.json("data: {'choices':[{'delta':{'content':'" + "x".repeat(8_000) + "'}}]}\n\n")));

    @Test
    void theServersSocketFillsAndFlowsAgainOnDemand() throws IOException {
        CompletableFuture<Long> full = new CompletableFuture<>();
        CompletableFuture<Void> flowing = new CompletableFuture<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                OpenAiCaller caller = new OpenAiCaller()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread.ofPlatform().daemon().start(() -> flood(listener, full, flowing));
            int port = listener.socket().getLocalPort();

            AssertSubscriber<Chunk> reader = caller.subscribe(URI.create("http://127.0.0.1:" + port + "/v1"), 2);

            assertThat(full.orTimeout(20, TimeUnit.SECONDS).join()).isLessThan(SOCKET_BUFFERS);
            assertThat(reader.getItems()).hasSize(2);
            reader.request(1_000);
            reader.awaitItems(1_002);
            reader.request(Long.MAX_VALUE);
            flowing.orTimeout(20, TimeUnit.SECONDS).join();
            reader.cancel();
        }
    }

    private static void flood(
            ServerSocketChannel listener, CompletableFuture<Long> full, CompletableFuture<Void> flowing) {
        try (SocketChannel socket = listener.accept();
                Selector selector = Selector.open()) {
            socket.read(ByteBuffer.allocate(64 * 1024));
            socket.write(ByteBuffer.wrap(Decoded.utf8(ScriptedServer.streamHead())));
            socket.configureBlocking(false);
            socket.register(selector, SelectionKey.OP_WRITE);
            long written = 0;
            ByteBuffer piece = ByteBuffer.wrap(PIECE);
            while (true) {
                if (selector.select(STUCK.toMillis()) == 0) {
                    full.complete(written);
                } else if (full.isDone()) {
                    flowing.complete(null);
                }
                selector.selectedKeys().clear();
                written += socket.write(piece);
                piece = piece.hasRemaining() ? piece : ByteBuffer.wrap(PIECE);
            }
        } catch (IOException e) {
            full.completeExceptionally(e);
        }
    }
}
