package dev.sluice.gateway.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/** What Vert.x has no way to do with a connection. Nothing else reaches into its internals. */
public final class Connections {

    private Connections() {}

    /** Returns the channel below a connection. */
    public static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    /**
     * Resets a connection at once, and drops what waits to be sent. Vert.x, TLS and the kernel would wait for a client to take
     * it, who may never do so. On the connection's own thread.
     */
    public static void reset(HttpConnection connection) {
        Channel channel = channel(connection);
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.unsafe().close(channel.newPromise());
    }
}
