package dev.sluice.bench.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection to a port of this machine, made or being made, and what is still to be sent over it. */
public final class Connection implements Loop.Peer {

    private final Owner owner;
    private final SocketChannel channel;
    private final SelectionKey key;
    private @Nullable ByteBuffer unsent;

    /** Whoever opened a connection, and closes it. */
    public interface Owner {

        /** Called when there is something to read, or the end. */
        void readable(SocketChannel channel) throws IOException;

        /** Called when the connection could not be made, or failed. */
        void broken(IOException why);
    }

    /** Begins to connect. */
    public Connection(Loop loop, int port, Owner owner) throws IOException {
        this.owner = owner;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            key = loop.register(channel, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Sends bytes after all that were to be sent before, as soon as the connection takes them. */
    public void send(ByteBuffer bytes) throws IOException {
        ByteBuffer before = unsent;
        unsent = before == null
                ? bytes
                : ByteBuffer.allocate(before.remaining() + bytes.remaining())
                        .put(before)
                        .put(bytes)
                        .flip();
        if (channel.isConnected()) {
            write();
        }
    }

    @Override
    public void ready() throws IOException {
        if (!key.isValid()) {
            return;
        }
        if (key.isConnectable()) {
            channel.finishConnect();
            write();
        } else if (key.isWritable()) {
            write();
        }
        if (key.isValid() && key.isReadable()) {
            owner.readable(channel);
        }
    }

    @Override
    public void broken(IOException why) {
        owner.broken(why);
    }

    /** Ends the connection. Closing twice counts once. */
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    private void write() throws IOException {
        ByteBuffer rest = unsent;
        if (rest != null) {
            channel.write(rest);
        }
        boolean left = rest != null && rest.hasRemaining();
        unsent = left ? rest : null;
        key.interestOps(left ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
}
