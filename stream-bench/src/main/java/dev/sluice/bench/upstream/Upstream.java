package dev.sluice.bench.upstream;

import dev.sluice.bench.net.Loop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The provider: listens on loopback and answers on one thread. */
public final class Upstream implements Loop.Peer {

    private static final int BACKLOG = 4_096;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Loop loop;
    private final ServerSocketChannel listener;
    private final Ledger ledger = new Ledger();
    private final ByteBuffer shared = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private Upstream(Loop loop) throws IOException {
        this.loop = loop;
        this.listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
    }

    /** Says on standard output which port it listens on, then answers until standard input ends. */
    public static void serve() throws IOException {
        Thread.ofPlatform().daemon().name("end").start(Upstream::endWithParent);
        try (Loop loop = new Loop()) {
            Upstream upstream = new Upstream(loop);
            loop.register(upstream.listener, SelectionKey.OP_ACCEPT, upstream);
            System.out.println(upstream.listener.socket().getLocalPort());
            loop.runUntil(() -> false);
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said; that the pipe closes is the message.
            }
        } catch (IOException _) {
            // The same message.
        }
        System.exit(0);
    }

    @Override
    public void ready() throws IOException {
        for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
            client.configureBlocking(false);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var unused = new Client(loop, ledger, shared, client);
        }
    }

    @Override
    public void broken(IOException why) {
        throw new IllegalStateException("The provider cannot accept connections.", why);
    }
}
